package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;

/** What holds whatever the peer of an HTTP/2 connection sends behind its preface. */
final class Http2Invariants {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(ISO_8859_1);
    private static final byte[] SETTINGS = frame(4, 0, 0, new byte[0]);
    private static final int SHORT_HEADER = 4;

    private Http2Invariants() {}

    /** Checks the pipeline's, and that what comes out of it are well-formed frames in an order that RFC 9113 allows. */
    static Http2Answers check(byte[] octets) {
        byte[] all = ClientFrames.concat(PREFACE, SETTINGS, octets);
        Http2Answers[] answers = new Http2Answers[1];
        FuzzedConnection.checkHttp2(all, text -> {
            answers[0] = Http2Answers.of(text.getBytes(ISO_8859_1));
            return answers[0].toString();
        });
        return answers[0];
    }

    /**
     * The same of frames that are written in short, so that a search comes upon them: type, flags, stream and length in an octet each, and the payload. What is
     * left of the last stands for itself.
     */
    static void checkShort(byte[] octets) {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        int at = 0;
        while (octets.length - at >= SHORT_HEADER) {
            int length = octets[at + 3] & 0xff;
            int there = Math.min(length, octets.length - at - SHORT_HEADER);
            byte[] header = header(length, octets[at], octets[at + 1], octets[at + 2] & 0xff);
            frames.write(header, 0, header.length);
            frames.write(octets, at + SHORT_HEADER, there);
            at += SHORT_HEADER + there;
        }
        frames.write(octets, at, octets.length - at);
        check(frames.toByteArray());
    }

    static byte[] frame(int type, int flags, int streamId, byte[] payload) {
        return ClientFrames.concat(header(payload.length, type, flags, streamId), payload);
    }

    private static byte[] header(int length, int type, int flags, int streamId) {
        assertThat(streamId).isLessThan(1 << 16);
        return new byte[] {
            (byte) (length >> 16),
            (byte) (length >> 8),
            (byte) length,
            (byte) type,
            (byte) flags,
            0,
            0,
            (byte) (streamId >> 8),
            (byte) streamId
        };
    }
}
