// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {Bonds} from "./modules/Bonds.sol";
import {Config} from "./modules/Config.sol";
import {Inbox} from "./modules/Inbox.sol";
import {Outbox} from "./modules/Outbox.sol";
import {PoolFunding} from "./modules/PoolFunding.sol";
import {Proofs} from "./modules/Proofs.sol";
import {Ring} from "./modules/Ring.sol";
import {Slashing} from "./modules/Slashing.sol";
import {Validators} from "./modules/Validators.sol";
import {Views} from "./modules/Views.sol";
import {RollupConfig} from "./types/RollupConfig.sol";

/// @title What a rollup does now and then. `Rollup` runs this code on its own state; see `IRollup`.
/// @dev Deployed before the rollup, with the same constants. Has no state of its own, and takes no ether: see `Delegated`.
contract RollupExtension is Validators, Slashing, Bonds, Inbox, Outbox, PoolFunding, Proofs, Ring, Views {
    constructor(RollupConfig memory settings) Config(settings) {}
}
