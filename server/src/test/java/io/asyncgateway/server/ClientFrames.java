package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;

/** Frames as a client sends them, right and wrong ones: {@code text("Hello").bytes()}, {@code ping("x").unmasked().bytes()}. */
record ClientFrames(int first, byte[] payload, byte[] key, boolean masked, int form, long announced) {
    private static final byte[] KEY = {0x37, (byte) 0xfa, 0x21, 0x3d};

    static ClientFrames frame(int opcode, byte[] payload) {
        int form = payload.length < 126 ? payload.length : payload.length < 65536 ? 126 : 127;
        return new ClientFrames(0x80 | opcode, payload, KEY, true, form, payload.length);
    }

    static ClientFrames text(String text) {
        return frame(1, text.getBytes(UTF_8));
    }

    static ClientFrames text(byte[] payload) {
        return frame(1, payload);
    }

    static ClientFrames binary(byte[] payload) {
        return frame(2, payload);
    }

    static ClientFrames continuation(String text) {
        return frame(0, text.getBytes(UTF_8));
    }

    static ClientFrames continuation(byte[] payload) {
        return frame(0, payload);
    }

    static ClientFrames ping(String payload) {
        return frame(9, payload.getBytes(UTF_8));
    }

    static ClientFrames pong(String payload) {
        return frame(10, payload.getBytes(UTF_8));
    }

    static ClientFrames close(int code, String reason) {
        return frame(8, concat(new byte[] {(byte) (code >> 8), (byte) code}, reason.getBytes(UTF_8)));
    }

    /** Not the last fragment. */
    ClientFrames more() {
        return new ClientFrames(first & 0x7f, payload, key, masked, form, announced);
    }

    /** Reserved bits: 4 for RSV1, 2 for RSV2, 1 for RSV3. */
    ClientFrames rsv(int bits) {
        return new ClientFrames(first | bits << 4, payload, key, masked, form, announced);
    }

    ClientFrames unmasked() {
        return new ClientFrames(first, payload, key, false, form, announced);
    }

    ClientFrames key(int... octets) {
        byte[] other = new byte[4];
        for (int i = 0; i < 4; i++) {
            other[i] = (byte) octets[i];
        }
        return new ClientFrames(first, payload, other, masked, form, announced);
    }

    /** 126 or 127: the form of the length, whether needed or not. */
    ClientFrames lengthForm(int value) {
        return new ClientFrames(first, payload, key, masked, value, announced);
    }

    /** Announces another length than the payload has, in 64 bits. */
    ClientFrames announcing(long length) {
        return new ClientFrames(first, payload, key, masked, 127, length);
    }

    byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(first);
        out.write((masked ? 0x80 : 0) | form);
        int octets = form == 126 ? 2 : form == 127 ? 8 : 0;
        for (int shift = 8 * (octets - 1); shift >= 0; shift -= 8) {
            out.write((int) (announced >>> shift));
        }
        if (masked) {
            out.writeBytes(key);
        }
        for (int i = 0; i < payload.length; i++) {
            out.write(masked ? payload[i] ^ key[i & 3] : payload[i]);
        }
        return out.toByteArray();
    }

    static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    static byte[] concat(ClientFrames... frames) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (ClientFrames frame : frames) {
            out.writeBytes(frame.bytes());
        }
        return out.toByteArray();
    }

    static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }
}
