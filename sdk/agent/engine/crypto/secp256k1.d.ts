/** The part of the native `secp256k1` package the engine uses; it ships no types of its own. */
declare module "secp256k1" {
  const secp256k1: {
    /** Recovers the public key of a 64-byte signature. Throws if the signature or the recovery id is invalid. */
    ecdsaRecover(signature: Uint8Array, recoveryId: number, message: Uint8Array, compressed: boolean): Uint8Array;
    publicKeyCreate(privateKey: Uint8Array, compressed: boolean): Uint8Array;
    ecdsaSign(message: Uint8Array, privateKey: Uint8Array): { signature: Uint8Array; recid: number };
  };
  export default secp256k1;
}
