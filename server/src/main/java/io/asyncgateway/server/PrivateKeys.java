package io.asyncgateway.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Private keys from the blocks of PEM files: {@code PRIVATE KEY} (PKCS#8, RFC 5958), {@code ENCRYPTED PRIVATE KEY}, {@code RSA PRIVATE KEY} (PKCS#1, RFC
 * 8017) and {@code EC PRIVATE KEY} (SEC 1, RFC 5915). The JDK reads the first alone; the last two become it by the wrapping that PKCS#8 is.
 */
final class PrivateKeys {
    /** The AlgorithmIdentifier of rsaEncryption, with its NULL parameters. */
    private static final byte[] RSA = {
        0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00
    };

    /** The object identifier of id-ecPublicKey. */
    private static final byte[] EC = {0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x02, 0x01};

    private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};

    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;
    private static final int EC_PARAMETERS = 0xa0;
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "Ed25519");

    private PrivateKeys() {}

    static PrivateKey of(String label, String body, @Nullable String password) throws GeneralSecurityException {
        if (body.contains("Proc-Type:")) {
            throw new InvalidKeyException("encrypted in OpenSSL's old format (expected: openssl pkcs8 -topk8)");
        }
        byte[] encoded = Base64.getMimeDecoder().decode(body);
        return switch (label) {
            case "PRIVATE KEY" -> pkcs8(encoded);
            case "ENCRYPTED PRIVATE KEY" -> pkcs8(decrypt(encoded, password));
            case "RSA PRIVATE KEY" -> pkcs8(der(SEQUENCE, VERSION_0, RSA, der(OCTET_STRING, encoded)));
            case "EC PRIVATE KEY" ->
                pkcs8(der(SEQUENCE, VERSION_0, der(SEQUENCE, EC, curve(encoded)), der(OCTET_STRING, encoded)));
            default -> throw new InvalidKeyException("not a kind of key that is known");
        };
    }

    private static PrivateKey pkcs8(byte[] encoded) throws GeneralSecurityException {
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
            } catch (InvalidKeySpecException anotherAlgorithm) {
                // the next one
            }
        }
        throw new InvalidKeyException("expected: a key of " + String.join(", ", ALGORITHMS));
    }

    private static byte[] decrypt(byte[] encoded, @Nullable String password) throws GeneralSecurityException {
        if (password == null) {
            throw new InvalidKeyException("encrypted (expected: its password)");
        }
        try {
            EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(encoded);
            // The name of a scheme of PBES2 is in its parameters alone.
            String scheme = info.getAlgParameters() == null
                    ? info.getAlgName()
                    : info.getAlgParameters().toString();
            String name = scheme.startsWith("PBEWith") ? scheme : info.getAlgName();
            Cipher cipher = Cipher.getInstance(name);
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    SecretKeyFactory.getInstance(name).generateSecret(new PBEKeySpec(password.toCharArray())),
                    info.getAlgParameters());
            return info.getKeySpec(cipher).getEncoded();
        } catch (IOException | GeneralSecurityException failure) {
            throw new InvalidKeyException("not to be decrypted with its password", failure);
        }
    }

    /** The object identifier of the curve, which SEC 1 has at its end and PKCS#8 at its beginning. */
    private static byte[] curve(byte[] sec1) throws InvalidKeyException {
        try {
            int at = contents(sec1, 0); // into the sequence
            while ((sec1[at] & 0xff) != EC_PARAMETERS) {
                at = contents(sec1, at) + length(sec1, at);
            }
            byte[] curve = new byte[length(sec1, at)];
            System.arraycopy(sec1, contents(sec1, at), curve, 0, curve.length);
            return curve;
        } catch (IndexOutOfBoundsException | NegativeArraySizeException end) {
            throw new InvalidKeyException("without its curve", end);
        }
    }

    /** Where the contents of the element begin. */
    private static int contents(byte[] der, int at) {
        int first = der[at + 1] & 0xff;
        return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
    }

    private static int length(byte[] der, int at) {
        int first = der[at + 1] & 0xff;
        if (first < 0x80) {
            return first;
        }
        int length = 0;
        for (int i = 0; i < (first & 0x7f); i++) {
            length = length << 8 | der[at + 2 + i] & 0xff;
        }
        return length;
    }

    private static byte[] der(int tag, byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteArrayOutputStream element = new ByteArrayOutputStream(length + 6);
        element.write(tag);
        if (length < 0x80) {
            element.write(length);
        } else if (length <= 0xff) {
            element.write(0x81);
            element.write(length);
        } else {
            element.write(0x82);
            element.write(length >> 8);
            element.write(length);
        }
        for (byte[] part : parts) {
            element.writeBytes(part);
        }
        return element.toByteArray();
    }
}
