/** What a validator's signature says; each kind is its own signing domain. */
export type SignatureKind = "block" | "proposal" | "attestation" | "skip";
