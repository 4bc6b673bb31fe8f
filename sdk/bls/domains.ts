/** Domain separation tag of validators' signatures; Solidity holds the same string. */
export const SIGNATURE_DST = "BATON_V1_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_";
/** Domain separation tag of proofs of possession: a signature never serves as one, nor the other way round. */
export const POSSESSION_DST = "BATON_V1_POP_BLS12381G1_XMD:SHA-256_SSWU_RO_";
