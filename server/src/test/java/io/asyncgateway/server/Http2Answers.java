package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a server has sent on one HTTP/2 connection, whose frames are checked. As text it is what does not depend on how its peer's octets came: the frames of the connection
 * in order, without windows; and of each stream its field blocks, its data in one piece, and how it ended.
 */
final class Http2Answers {
    private static final int HEADER = 9;
    private static final int LARGEST = 16_384;
    private static final int END_STREAM = 1;
    private static final int OK = 0x88;

    private final StringBuilder connection = new StringBuilder();
    private final Map<Integer, Stream> streams = new TreeMap<>();
    private int succeeded;
    private boolean leaving;

    private static final class Stream {
        final StringBuilder heads = new StringBuilder();
        final StringBuilder data = new StringBuilder();
        String end = "";

        @Override
        public String toString() {
            return heads + "|" + data + "|" + end;
        }
    }

    private Http2Answers() {}

    static Http2Answers of(byte[] octets) {
        Http2Answers answers = new Http2Answers();
        ByteBuf in = Unpooled.wrappedBuffer(octets);
        while (in.isReadable()) {
            assertThat(in.readableBytes()).as("the head of a frame").isGreaterThanOrEqualTo(HEADER);
            int length = in.readUnsignedMedium();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int streamId = in.readInt();
            assertThat(length).as("a frame that is whole").isBetween(0, Math.min(LARGEST, in.readableBytes()));
            answers.frame(
                    type,
                    flags,
                    streamId,
                    in.readCharSequence(length, ISO_8859_1).toString());
        }
        return answers;
    }

    private void frame(int type, int flags, int streamId, String payload) {
        assertThat(leaving).as("a frame behind the last GOAWAY").isFalse();
        if (connection.isEmpty()) {
            assertThat(type).as("the first frame").isEqualTo(4);
        }
        switch (type) {
            case 0, 1 -> message(stream(streamId), type == 1, flags, payload);
            case 3 -> reset(stream(streamId), payload);
            case 4, 6, 7 -> {
                assertThat(streamId).isZero();
                connection
                        .append(type)
                        .append(',')
                        .append(flags)
                        .append(',')
                        .append(payload)
                        .append(';');
                leaving = type == 7;
            }
            case 8 -> assertThat(payload).as("WINDOW_UPDATE").hasSize(4).isNotEqualTo("\0\0\0\0");
            default -> throw new AssertionError("a frame of type " + type);
        }
    }

    private Stream stream(int streamId) {
        assertThat(streamId & 1).as("stream " + streamId).isEqualTo(1);
        return streams.computeIfAbsent(streamId, id -> new Stream());
    }

    private void message(Stream stream, boolean head, int flags, String payload) {
        assertThat(stream.end).as("the end before this").isEmpty();
        if (head) {
            stream.heads.append(payload).append(';');
            if (!payload.isEmpty() && payload.charAt(0) == OK) {
                succeeded++;
            }
        } else {
            assertThat(stream.heads).as("the head before this").isNotEmpty();
            stream.data.append(payload);
        }
        if ((flags & END_STREAM) != 0) {
            stream.end = "end";
        }
    }

    private void reset(Stream stream, String error) {
        assertThat(stream.end).as("the end before this").isIn("", "end");
        stream.end += "reset " + error;
    }

    /** The number of responses with 200. */
    int succeeded() {
        return succeeded;
    }

    @Override
    public String toString() {
        return connection + streams.toString();
    }
}
