/** Sensitive fields at rest: AES-256-GCM, bound to the record and field they belong to. */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

export interface SecretBox {
  seal(text: string, place: string): Buffer;
  /** @throws where the key, the place or the bytes are not those it was sealed with. */
  open(sealed: Buffer, place: string): string;
}

/** `key` is the installation's 32 bytes; the field key is derived from it. */
export function secretBox(key: Buffer): SecretBox {
  const fieldKey = Buffer.from(hkdfSync("sha256", key, "", "duly sensitive fields", 32));
  return {
    seal(text, place) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", fieldKey, nonce).setAAD(Buffer.from(place));
      return Buffer.concat([nonce, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
    },
    open(sealed, place) {
      const decipher = createDecipheriv("aes-256-gcm", fieldKey, sealed.subarray(0, 12)).setAAD(Buffer.from(place));
      decipher.setAuthTag(sealed.subarray(-16));
      return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]).toString("utf8");
    },
  };
}
