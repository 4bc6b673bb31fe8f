export const ROLLUP_ABI = [
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "amountWei",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "minimumWei",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "maximumWei",
        "type": "uint256"
      }
    ],
    "name": "Bonds__AmountOutOfRange",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "submitter",
        "type": "address"
      }
    ],
    "name": "Bonds__NoBond",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "submitter",
        "type": "address"
      },
      {
        "internalType": "uint256",
        "name": "releaseAt",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "time",
        "type": "uint256"
      }
    ],
    "name": "Bonds__NotReleased",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      }
    ],
    "name": "Bonds__NothingToClaim",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      },
      {
        "internalType": "uint256",
        "name": "amountWei",
        "type": "uint256"
      }
    ],
    "name": "Bonds__PaymentRefused",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "submitter",
        "type": "address"
      },
      {
        "internalType": "uint256",
        "name": "releaseAt",
        "type": "uint256"
      }
    ],
    "name": "Bonds__Unbonding",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "number",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "settled",
        "type": "uint256"
      }
    ],
    "name": "Challenges__AlreadySettled",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "number",
        "type": "uint256"
      }
    ],
    "name": "Challenges__AlreadyVerified",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "number",
        "type": "uint256"
      },
      {
        "internalType": "bytes32",
        "name": "expected",
        "type": "bytes32"
      },
      {
        "internalType": "bytes32",
        "name": "actual",
        "type": "bytes32"
      }
    ],
    "name": "Challenges__AttestationMismatch",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "number",
        "type": "uint256"
      }
    ],
    "name": "Challenges__AttestationValid",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "number",
        "type": "uint256"
      }
    ],
    "name": "Challenges__CureInvalid",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "number",
        "type": "uint256"
      },
      {
        "internalType": "bytes32",
        "name": "expected",
        "type": "bytes32"
      },
      {
        "internalType": "bytes32",
        "name": "actual",
        "type": "bytes32"
      }
    ],
    "name": "Challenges__LogMismatch",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "number",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "tip",
        "type": "uint256"
      }
    ],
    "name": "Challenges__NotTip",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "number",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "until",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "time",
        "type": "uint256"
      }
    ],
    "name": "Challenges__WindowOver",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "string",
        "name": "field",
        "type": "string"
      },
      {
        "internalType": "uint256",
        "name": "value",
        "type": "uint256"
      }
    ],
    "name": "Config__Invalid",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "expected",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "actual",
        "type": "uint256"
      }
    ],
    "name": "Inbox__CountNotDue",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "minimumWei",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "actualWei",
        "type": "uint256"
      }
    ],
    "name": "Inbox__DepositTooSmall",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "count",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "total",
        "type": "uint256"
      }
    ],
    "name": "Inbox__NoSuchMessage",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "amountWei",
        "type": "uint256"
      }
    ],
    "name": "Inbox__NotWholeGwei",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "slot",
        "type": "uint256"
      },
      {
        "internalType": "bytes32",
        "name": "digest",
        "type": "bytes32"
      }
    ],
    "name": "Rollup__AttestationInvalid",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "genesisTime",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "time",
        "type": "uint256"
      }
    ],
    "name": "Rollup__BeforeGenesis",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "blobCount",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "maxBlobs",
        "type": "uint256"
      }
    ],
    "name": "Rollup__BlobCountOutOfRange",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "index",
        "type": "uint256"
      }
    ],
    "name": "Rollup__BlobMissing",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "deadline",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "time",
        "type": "uint256"
      }
    ],
    "name": "Rollup__DeadlinePassed",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "expected",
        "type": "bytes32"
      },
      {
        "internalType": "bytes32",
        "name": "actual",
        "type": "bytes32"
      }
    ],
    "name": "Rollup__DigestMismatch",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "Rollup__NothingSubmitted",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "capBps",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "maxBps",
        "type": "uint256"
      }
    ],
    "name": "Rollup__OnTimeCapTooHigh",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "slot",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "currentSlot",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "secondsIntoSlot",
        "type": "uint256"
      }
    ],
    "name": "Rollup__OutsideWindow",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "signed",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "setSize",
        "type": "uint256"
      }
    ],
    "name": "Rollup__QuorumNotReached",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "unsettled",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "ringSize",
        "type": "uint256"
      }
    ],
    "name": "Rollup__RingFull",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "signers",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "members",
        "type": "uint256"
      }
    ],
    "name": "Rollup__SignersOutsideSet",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "slot",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "lastSubmittedSlot",
        "type": "uint256"
      }
    ],
    "name": "Rollup__SlotAlreadySubmitted",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "number",
        "type": "uint256"
      },
      {
        "internalType": "bytes32",
        "name": "expected",
        "type": "bytes32"
      },
      {
        "internalType": "bytes32",
        "name": "actual",
        "type": "bytes32"
      }
    ],
    "name": "Settlement__LogMismatch",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "settled",
        "type": "uint256"
      }
    ],
    "name": "Settlement__NothingToSettle",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "expected",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "actual",
        "type": "uint256"
      }
    ],
    "name": "Settlement__OutOfOrder",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "index",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "untilEpoch",
        "type": "uint256"
      }
    ],
    "name": "Validators__AlreadyLeaving",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "size",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "minimum",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "maximum",
        "type": "uint256"
      }
    ],
    "name": "Validators__GenesisSetSize",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "bytes32",
        "name": "keyHash",
        "type": "bytes32"
      }
    ],
    "name": "Validators__KeyAlreadyUsed",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "index",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "lastSlot",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "settledSlot",
        "type": "uint256"
      }
    ],
    "name": "Validators__LastSlotUnsettled",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "index",
        "type": "uint256"
      },
      {
        "internalType": "address",
        "name": "owner",
        "type": "address"
      },
      {
        "internalType": "address",
        "name": "caller",
        "type": "address"
      }
    ],
    "name": "Validators__NotOwner",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "owner",
        "type": "address"
      }
    ],
    "name": "Validators__PossessionNotProven",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "epoch",
        "type": "uint256"
      }
    ],
    "name": "Validators__SeedUnknown",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "size",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "maximum",
        "type": "uint256"
      }
    ],
    "name": "Validators__SetFull",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "size",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "minimum",
        "type": "uint256"
      }
    ],
    "name": "Validators__SetTooSmall",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "index",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "until",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "time",
        "type": "uint256"
      }
    ],
    "name": "Validators__StakeLocked",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "expectedWei",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "actualWei",
        "type": "uint256"
      }
    ],
    "name": "Validators__WrongStake",
    "type": "error"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "address",
        "name": "submitter",
        "type": "address"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "informer",
        "type": "address"
      },
      {
        "indexed": false,
        "internalType": "uint256",
        "name": "burnedWei",
        "type": "uint256"
      },
      {
        "indexed": false,
        "internalType": "uint256",
        "name": "creditedWei",
        "type": "uint256"
      }
    ],
    "name": "BondSlashed",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "address",
        "name": "submitter",
        "type": "address"
      },
      {
        "indexed": false,
        "internalType": "uint256",
        "name": "amountWei",
        "type": "uint256"
      }
    ],
    "name": "BondWithdrawn",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "address",
        "name": "submitter",
        "type": "address"
      },
      {
        "indexed": false,
        "internalType": "uint256",
        "name": "addedWei",
        "type": "uint256"
      },
      {
        "indexed": false,
        "internalType": "uint256",
        "name": "amountWei",
        "type": "uint256"
      }
    ],
    "name": "Bonded",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "uint256",
        "name": "number",
        "type": "uint256"
      },
      {
        "indexed": true,
        "internalType": "uint256",
        "name": "slot",
        "type": "uint256"
      },
      {
        "indexed": false,
        "internalType": "bytes32",
        "name": "digest",
        "type": "bytes32"
      },
      {
        "components": [
          {
            "internalType": "uint256",
            "name": "signers",
            "type": "uint256"
          },
          {
            "internalType": "bytes32[3]",
            "name": "signature",
            "type": "bytes32[3]"
          }
        ],
        "indexed": false,
        "internalType": "struct Attestation",
        "name": "attestation",
        "type": "tuple"
      },
      {
        "indexed": false,
        "internalType": "address",
        "name": "curer",
        "type": "address"
      }
    ],
    "name": "CheckpointCured",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "uint256",
        "name": "number",
        "type": "uint256"
      },
      {
        "indexed": true,
        "internalType": "uint256",
        "name": "slot",
        "type": "uint256"
      },
      {
        "indexed": false,
        "internalType": "bytes32",
        "name": "digest",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "internalType": "address",
        "name": "challenger",
        "type": "address"
      }
    ],
    "name": "CheckpointRemoved",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "uint256",
        "name": "number",
        "type": "uint256"
      },
      {
        "indexed": true,
        "internalType": "uint256",
        "name": "slot",
        "type": "uint256"
      },
      {
        "indexed": false,
        "internalType": "bytes32",
        "name": "outboxRoot",
        "type": "bytes32"
      }
    ],
    "name": "CheckpointSettled",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "uint256",
        "name": "number",
        "type": "uint256"
      },
      {
        "indexed": true,
        "internalType": "uint256",
        "name": "slot",
        "type": "uint256"
      },
      {
        "components": [
          {
            "components": [
              {
                "internalType": "uint64",
                "name": "slot",
                "type": "uint64"
              },
              {
                "internalType": "bytes32",
                "name": "lastBlockHash",
                "type": "bytes32"
              },
              {
                "internalType": "uint64",
                "name": "lastBlockNumber",
                "type": "uint64"
              },
              {
                "internalType": "uint64",
                "name": "inboxCount",
                "type": "uint64"
              },
              {
                "internalType": "bytes32",
                "name": "outboxRoot",
                "type": "bytes32"
              },
              {
                "internalType": "address",
                "name": "coinbase",
                "type": "address"
              },
              {
                "internalType": "address",
                "name": "onTimeRecipient",
                "type": "address"
              },
              {
                "internalType": "uint16",
                "name": "onTimeCapBps",
                "type": "uint16"
              }
            ],
            "internalType": "struct CheckpointHeader",
            "name": "header",
            "type": "tuple"
          },
          {
            "internalType": "bytes32",
            "name": "digest",
            "type": "bytes32"
          },
          {
            "internalType": "uint8",
            "name": "blobCount",
            "type": "uint8"
          },
          {
            "internalType": "uint256",
            "name": "signers",
            "type": "uint256"
          },
          {
            "internalType": "bytes32[3]",
            "name": "signature",
            "type": "bytes32[3]"
          }
        ],
        "indexed": false,
        "internalType": "struct Submission",
        "name": "submission",
        "type": "tuple"
      },
      {
        "indexed": false,
        "internalType": "LogFacts",
        "name": "facts",
        "type": "uint256"
      },
      {
        "indexed": false,
        "internalType": "Tips",
        "name": "parent",
        "type": "uint256"
      },
      {
        "indexed": false,
        "internalType": "Party",
        "name": "submitter",
        "type": "uint256"
      },
      {
        "indexed": false,
        "internalType": "Party",
        "name": "recipient",
        "type": "uint256"
      }
    ],
    "name": "CheckpointSubmitted",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "address",
        "name": "account",
        "type": "address"
      },
      {
        "indexed": false,
        "internalType": "uint256",
        "name": "amountWei",
        "type": "uint256"
      }
    ],
    "name": "Claimed",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "uint256",
        "name": "index",
        "type": "uint256"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "l2Recipient",
        "type": "address"
      },
      {
        "indexed": false,
        "internalType": "uint256",
        "name": "amountWei",
        "type": "uint256"
      },
      {
        "indexed": false,
        "internalType": "uint256",
        "name": "time",
        "type": "uint256"
      },
      {
        "indexed": false,
        "internalType": "bytes32",
        "name": "hash",
        "type": "bytes32"
      }
    ],
    "name": "Deposited",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "uint256",
        "name": "epoch",
        "type": "uint256"
      },
      {
        "indexed": false,
        "internalType": "bytes32",
        "name": "seed",
        "type": "bytes32"
      }
    ],
    "name": "SeedStored",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "uint256",
        "name": "index",
        "type": "uint256"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "owner",
        "type": "address"
      },
      {
        "indexed": false,
        "internalType": "uint256",
        "name": "amountWei",
        "type": "uint256"
      }
    ],
    "name": "StakeWithdrawn",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "address",
        "name": "submitter",
        "type": "address"
      },
      {
        "indexed": false,
        "internalType": "uint256",
        "name": "releaseAt",
        "type": "uint256"
      }
    ],
    "name": "UnbondingStarted",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "uint256",
        "name": "index",
        "type": "uint256"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "owner",
        "type": "address"
      },
      {
        "indexed": false,
        "internalType": "uint256",
        "name": "fromEpoch",
        "type": "uint256"
      },
      {
        "indexed": false,
        "internalType": "bytes32[8]",
        "name": "publicKey",
        "type": "bytes32[8]"
      }
    ],
    "name": "ValidatorJoined",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "uint256",
        "name": "index",
        "type": "uint256"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "owner",
        "type": "address"
      },
      {
        "indexed": false,
        "internalType": "uint256",
        "name": "untilEpoch",
        "type": "uint256"
      }
    ],
    "name": "ValidatorLeft",
    "type": "event"
  },
  {
    "inputs": [],
    "name": "bond",
    "outputs": [],
    "stateMutability": "payable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "submitter",
        "type": "address"
      }
    ],
    "name": "bondOf",
    "outputs": [
      {
        "internalType": "uint256",
        "name": "amountWei",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "releaseAt",
        "type": "uint256"
      },
      {
        "internalType": "bool",
        "name": "active",
        "type": "bool"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "components": [
          {
            "components": [
              {
                "internalType": "LogFacts",
                "name": "facts",
                "type": "uint256"
              },
              {
                "internalType": "address",
                "name": "coinbase",
                "type": "address"
              },
              {
                "internalType": "bytes32",
                "name": "outboxRoot",
                "type": "bytes32"
              },
              {
                "components": [
                  {
                    "internalType": "bytes32",
                    "name": "digest",
                    "type": "bytes32"
                  },
                  {
                    "internalType": "Tips",
                    "name": "parent",
                    "type": "uint256"
                  },
                  {
                    "internalType": "Party",
                    "name": "submitter",
                    "type": "uint256"
                  },
                  {
                    "internalType": "Party",
                    "name": "recipient",
                    "type": "uint256"
                  },
                  {
                    "internalType": "Party",
                    "name": "onTime",
                    "type": "uint256"
                  },
                  {
                    "internalType": "bytes32",
                    "name": "attestation",
                    "type": "bytes32"
                  }
                ],
                "internalType": "struct LogDetails",
                "name": "details",
                "type": "tuple"
              }
            ],
            "internalType": "struct CheckpointLog",
            "name": "log",
            "type": "tuple"
          },
          {
            "components": [
              {
                "internalType": "uint256",
                "name": "signers",
                "type": "uint256"
              },
              {
                "internalType": "bytes32[3]",
                "name": "signature",
                "type": "bytes32[3]"
              }
            ],
            "internalType": "struct Attestation",
            "name": "attestation",
            "type": "tuple"
          }
        ],
        "internalType": "struct Accused[]",
        "name": "accused",
        "type": "tuple[]"
      }
    ],
    "name": "challenge",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "components": [
          {
            "components": [
              {
                "internalType": "LogFacts",
                "name": "facts",
                "type": "uint256"
              },
              {
                "internalType": "address",
                "name": "coinbase",
                "type": "address"
              },
              {
                "internalType": "bytes32",
                "name": "outboxRoot",
                "type": "bytes32"
              },
              {
                "components": [
                  {
                    "internalType": "bytes32",
                    "name": "digest",
                    "type": "bytes32"
                  },
                  {
                    "internalType": "Tips",
                    "name": "parent",
                    "type": "uint256"
                  },
                  {
                    "internalType": "Party",
                    "name": "submitter",
                    "type": "uint256"
                  },
                  {
                    "internalType": "Party",
                    "name": "recipient",
                    "type": "uint256"
                  },
                  {
                    "internalType": "Party",
                    "name": "onTime",
                    "type": "uint256"
                  },
                  {
                    "internalType": "bytes32",
                    "name": "attestation",
                    "type": "bytes32"
                  }
                ],
                "internalType": "struct LogDetails",
                "name": "details",
                "type": "tuple"
              }
            ],
            "internalType": "struct CheckpointLog",
            "name": "log",
            "type": "tuple"
          },
          {
            "components": [
              {
                "internalType": "uint256",
                "name": "signers",
                "type": "uint256"
              },
              {
                "internalType": "bytes32[3]",
                "name": "signature",
                "type": "bytes32[3]"
              }
            ],
            "internalType": "struct Attestation",
            "name": "attestation",
            "type": "tuple"
          }
        ],
        "internalType": "struct Accused[]",
        "name": "accused",
        "type": "tuple[]"
      },
      {
        "components": [
          {
            "components": [
              {
                "internalType": "uint64",
                "name": "slot",
                "type": "uint64"
              },
              {
                "internalType": "bytes32",
                "name": "lastBlockHash",
                "type": "bytes32"
              },
              {
                "internalType": "uint64",
                "name": "lastBlockNumber",
                "type": "uint64"
              },
              {
                "internalType": "uint64",
                "name": "inboxCount",
                "type": "uint64"
              },
              {
                "internalType": "bytes32",
                "name": "outboxRoot",
                "type": "bytes32"
              },
              {
                "internalType": "address",
                "name": "coinbase",
                "type": "address"
              },
              {
                "internalType": "address",
                "name": "onTimeRecipient",
                "type": "address"
              },
              {
                "internalType": "uint16",
                "name": "onTimeCapBps",
                "type": "uint16"
              }
            ],
            "internalType": "struct CheckpointHeader",
            "name": "header",
            "type": "tuple"
          },
          {
            "internalType": "bytes32",
            "name": "digest",
            "type": "bytes32"
          },
          {
            "internalType": "uint8",
            "name": "blobCount",
            "type": "uint8"
          },
          {
            "internalType": "uint256",
            "name": "signers",
            "type": "uint256"
          },
          {
            "internalType": "bytes32[3]",
            "name": "signature",
            "type": "bytes32[3]"
          }
        ],
        "internalType": "struct Submission[]",
        "name": "submissions",
        "type": "tuple[]"
      },
      {
        "internalType": "address",
        "name": "recipient",
        "type": "address"
      },
      {
        "internalType": "uint64",
        "name": "deadline",
        "type": "uint64"
      }
    ],
    "name": "challengeAndSubmit",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "claim",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "config",
    "outputs": [
      {
        "components": [
          {
            "internalType": "uint64",
            "name": "l2ChainId",
            "type": "uint64"
          },
          {
            "internalType": "uint64",
            "name": "genesisTime",
            "type": "uint64"
          },
          {
            "internalType": "uint32",
            "name": "l1SlotSeconds",
            "type": "uint32"
          },
          {
            "internalType": "uint32",
            "name": "slotSeconds",
            "type": "uint32"
          },
          {
            "internalType": "uint32",
            "name": "epochSlots",
            "type": "uint32"
          },
          {
            "internalType": "uint32",
            "name": "handoffWindowSeconds",
            "type": "uint32"
          },
          {
            "internalType": "uint32",
            "name": "successorWindowSeconds",
            "type": "uint32"
          },
          {
            "internalType": "uint32",
            "name": "challengeWindowEpochs",
            "type": "uint32"
          },
          {
            "internalType": "uint32",
            "name": "evidenceWindowEpochs",
            "type": "uint32"
          },
          {
            "internalType": "uint32",
            "name": "ringSize",
            "type": "uint32"
          },
          {
            "internalType": "uint32",
            "name": "inboxLagSlots",
            "type": "uint32"
          },
          {
            "internalType": "uint32",
            "name": "maxMessages",
            "type": "uint32"
          },
          {
            "internalType": "uint8",
            "name": "maxBlobsPerCheckpoint",
            "type": "uint8"
          },
          {
            "internalType": "uint16",
            "name": "minValidators",
            "type": "uint16"
          },
          {
            "internalType": "uint16",
            "name": "maxValidators",
            "type": "uint16"
          },
          {
            "internalType": "uint96",
            "name": "stakeWei",
            "type": "uint96"
          },
          {
            "internalType": "uint96",
            "name": "bondWei",
            "type": "uint96"
          },
          {
            "internalType": "uint96",
            "name": "minDepositWei",
            "type": "uint96"
          },
          {
            "internalType": "uint96",
            "name": "rewardWei",
            "type": "uint96"
          },
          {
            "internalType": "uint32",
            "name": "gasQuota",
            "type": "uint32"
          },
          {
            "internalType": "uint32",
            "name": "gasQuotaBatch",
            "type": "uint32"
          },
          {
            "internalType": "uint64",
            "name": "tipWei",
            "type": "uint64"
          },
          {
            "internalType": "uint16",
            "name": "premiumBps",
            "type": "uint16"
          },
          {
            "internalType": "uint16",
            "name": "premiumStepBps",
            "type": "uint16"
          },
          {
            "internalType": "uint16",
            "name": "premiumMaxBps",
            "type": "uint16"
          }
        ],
        "internalType": "struct RollupConfig",
        "name": "",
        "type": "tuple"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "account",
        "type": "address"
      }
    ],
    "name": "creditOf",
    "outputs": [
      {
        "internalType": "uint256",
        "name": "",
        "type": "uint256"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "components": [
          {
            "components": [
              {
                "internalType": "LogFacts",
                "name": "facts",
                "type": "uint256"
              },
              {
                "internalType": "address",
                "name": "coinbase",
                "type": "address"
              },
              {
                "internalType": "bytes32",
                "name": "outboxRoot",
                "type": "bytes32"
              },
              {
                "components": [
                  {
                    "internalType": "bytes32",
                    "name": "digest",
                    "type": "bytes32"
                  },
                  {
                    "internalType": "Tips",
                    "name": "parent",
                    "type": "uint256"
                  },
                  {
                    "internalType": "Party",
                    "name": "submitter",
                    "type": "uint256"
                  },
                  {
                    "internalType": "Party",
                    "name": "recipient",
                    "type": "uint256"
                  },
                  {
                    "internalType": "Party",
                    "name": "onTime",
                    "type": "uint256"
                  },
                  {
                    "internalType": "bytes32",
                    "name": "attestation",
                    "type": "bytes32"
                  }
                ],
                "internalType": "struct LogDetails",
                "name": "details",
                "type": "tuple"
              }
            ],
            "internalType": "struct CheckpointLog",
            "name": "log",
            "type": "tuple"
          },
          {
            "components": [
              {
                "internalType": "uint256",
                "name": "signers",
                "type": "uint256"
              },
              {
                "internalType": "bytes32[3]",
                "name": "signature",
                "type": "bytes32[3]"
              }
            ],
            "internalType": "struct Attestation",
            "name": "attestation",
            "type": "tuple"
          }
        ],
        "internalType": "struct Accused",
        "name": "accused",
        "type": "tuple"
      },
      {
        "components": [
          {
            "internalType": "uint256",
            "name": "signers",
            "type": "uint256"
          },
          {
            "internalType": "bytes32[3]",
            "name": "signature",
            "type": "bytes32[3]"
          }
        ],
        "internalType": "struct Attestation",
        "name": "good",
        "type": "tuple"
      }
    ],
    "name": "cure",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "l2Recipient",
        "type": "address"
      }
    ],
    "name": "deposit",
    "outputs": [],
    "stateMutability": "payable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "slot",
        "type": "uint256"
      }
    ],
    "name": "inboxCountBefore",
    "outputs": [
      {
        "internalType": "uint256",
        "name": "",
        "type": "uint256"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "slot",
        "type": "uint256"
      }
    ],
    "name": "inboxCountDue",
    "outputs": [
      {
        "internalType": "uint256",
        "name": "",
        "type": "uint256"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "count",
        "type": "uint256"
      }
    ],
    "name": "inboxHash",
    "outputs": [
      {
        "internalType": "bytes32",
        "name": "",
        "type": "bytes32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "inboxTotal",
    "outputs": [
      {
        "internalType": "uint256",
        "name": "",
        "type": "uint256"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "index",
        "type": "uint256"
      }
    ],
    "name": "leave",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "number",
        "type": "uint256"
      }
    ],
    "name": "logHash",
    "outputs": [
      {
        "internalType": "bytes32",
        "name": "",
        "type": "bytes32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "poke",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "slot",
        "type": "uint256"
      }
    ],
    "name": "proposerOf",
    "outputs": [
      {
        "internalType": "uint256",
        "name": "index",
        "type": "uint256"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "refillSlot",
    "outputs": [
      {
        "internalType": "uint256",
        "name": "",
        "type": "uint256"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "owner",
        "type": "address"
      },
      {
        "internalType": "bytes32[8]",
        "name": "publicKey",
        "type": "bytes32[8]"
      },
      {
        "internalType": "bytes32[3]",
        "name": "possession",
        "type": "bytes32[3]"
      }
    ],
    "name": "register",
    "outputs": [
      {
        "internalType": "uint256",
        "name": "index",
        "type": "uint256"
      }
    ],
    "stateMutability": "payable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "epoch",
        "type": "uint256"
      }
    ],
    "name": "seedOf",
    "outputs": [
      {
        "internalType": "bytes32",
        "name": "",
        "type": "bytes32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "components": [
          {
            "internalType": "LogFacts",
            "name": "facts",
            "type": "uint256"
          },
          {
            "internalType": "address",
            "name": "coinbase",
            "type": "address"
          },
          {
            "internalType": "bytes32",
            "name": "outboxRoot",
            "type": "bytes32"
          },
          {
            "internalType": "bytes32",
            "name": "details",
            "type": "bytes32"
          }
        ],
        "internalType": "struct LogHead[]",
        "name": "heads",
        "type": "tuple[]"
      }
    ],
    "name": "settle",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "settledTip",
    "outputs": [
      {
        "internalType": "uint256",
        "name": "number",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "slot",
        "type": "uint256"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "components": [
          {
            "components": [
              {
                "internalType": "uint64",
                "name": "slot",
                "type": "uint64"
              },
              {
                "internalType": "bytes32",
                "name": "lastBlockHash",
                "type": "bytes32"
              },
              {
                "internalType": "uint64",
                "name": "lastBlockNumber",
                "type": "uint64"
              },
              {
                "internalType": "uint64",
                "name": "inboxCount",
                "type": "uint64"
              },
              {
                "internalType": "bytes32",
                "name": "outboxRoot",
                "type": "bytes32"
              },
              {
                "internalType": "address",
                "name": "coinbase",
                "type": "address"
              },
              {
                "internalType": "address",
                "name": "onTimeRecipient",
                "type": "address"
              },
              {
                "internalType": "uint16",
                "name": "onTimeCapBps",
                "type": "uint16"
              }
            ],
            "internalType": "struct CheckpointHeader",
            "name": "header",
            "type": "tuple"
          },
          {
            "internalType": "bytes32",
            "name": "digest",
            "type": "bytes32"
          },
          {
            "internalType": "uint8",
            "name": "blobCount",
            "type": "uint8"
          },
          {
            "internalType": "uint256",
            "name": "signers",
            "type": "uint256"
          },
          {
            "internalType": "bytes32[3]",
            "name": "signature",
            "type": "bytes32[3]"
          }
        ],
        "internalType": "struct Submission[]",
        "name": "submissions",
        "type": "tuple[]"
      },
      {
        "internalType": "address",
        "name": "recipient",
        "type": "address"
      },
      {
        "internalType": "uint64",
        "name": "deadline",
        "type": "uint64"
      }
    ],
    "name": "submit",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "tips",
    "outputs": [
      {
        "internalType": "uint256",
        "name": "slot",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "number",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "inboxCount",
        "type": "uint256"
      },
      {
        "internalType": "uint160",
        "name": "digest",
        "type": "uint160"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "unbond",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "index",
        "type": "uint256"
      }
    ],
    "name": "validator",
    "outputs": [
      {
        "internalType": "address",
        "name": "owner",
        "type": "address"
      },
      {
        "internalType": "uint256",
        "name": "fromEpoch",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "untilEpoch",
        "type": "uint256"
      },
      {
        "internalType": "bytes32[8]",
        "name": "publicKey",
        "type": "bytes32[8]"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "epoch",
        "type": "uint256"
      }
    ],
    "name": "validatorSet",
    "outputs": [
      {
        "internalType": "uint256",
        "name": "members",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "count",
        "type": "uint256"
      },
      {
        "internalType": "bytes32[8]",
        "name": "aggregateKey",
        "type": "bytes32[8]"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "withdrawBond",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "index",
        "type": "uint256"
      }
    ],
    "name": "withdrawStake",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  }
] as const;
