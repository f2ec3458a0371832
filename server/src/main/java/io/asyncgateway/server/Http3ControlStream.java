package io.asyncgateway.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HashSet;
import java.util.Set;

/**
 * What the peer says on its control stream (RFC 9114 section 7.2). None of it changes what the server does, which neither pushes nor has a dynamic table; but it is held to its rules. Confined to
 * its event loop.
 */
final class Http3ControlStream implements Http3FrameDecoder.Frames {
    /** The longest of those frames whose content is looked at. */
    private static final int LONGEST = 1024;

    static final int ENABLE_CONNECT_PROTOCOL = 0x08;
    private static final int H3_DATAGRAM = 0x33;

    private final Http3FrameDecoder frames = new Http3FrameDecoder(this);
    private final Http3FloodGuard guard;
    private boolean begun;
    private long type;
    private boolean known;
    private ByteBuf content = Unpooled.EMPTY_BUFFER;
    private long maxPushId = -1;
    private long leftAt = Long.MAX_VALUE;

    Http3ControlStream(Http3FloodGuard guard) {
        this.guard = guard;
    }

    void read(ByteBuf in) throws Http3Failure {
        frames.decode(in);
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void begins(long frameType, long length) throws Http3Failure {
        type = frameType;
        boolean settings = type == Http3FrameDecoder.SETTINGS;
        if (!begun && !settings) {
            throw Http3Failure.ofConnection(
                    Http3Error.H3_MISSING_SETTINGS, "another frame than SETTINGS at the beginning");
        }
        if (begun && settings) {
            throw Http3FrameDecoder.unexpected("a second SETTINGS");
        }
        begun = true;
        if (type == Http3FrameDecoder.DATA
                || type == Http3FrameDecoder.HEADERS
                || type == Http3FrameDecoder.PUSH_PROMISE) {
            throw Http3FrameDecoder.unexpected("a frame that does not belong on the control stream");
        }
        known = settings
                || type == Http3FrameDecoder.CANCEL_PUSH
                || type == Http3FrameDecoder.GOAWAY
                || type == Http3FrameDecoder.MAX_PUSH_ID;
        if (known && length > LONGEST) {
            throw Http3Failure.ofConnection(Http3Error.H3_EXCESSIVE_LOAD, "a frame of " + length + " octets");
        }
        if (!settings) {
            guard.count(Http3FloodGuard.Kind.EMPTY);
        }
        content = known ? Unpooled.buffer((int) length, LONGEST) : Unpooled.EMPTY_BUFFER;
    }

    @Override
    public void payload(ByteBuf in, int length) throws Http3Failure {
        if (known) {
            content.writeBytes(in, length);
        } else {
            in.skipBytes(length);
            guard.skipped(length);
        }
    }

    @Override
    public void ends() throws Http3Failure {
        if (!known) {
            return;
        }
        if (type == Http3FrameDecoder.SETTINGS) {
            settings();
        } else {
            identifier(number());
        }
        if (content.isReadable()) {
            throw malformed();
        }
    }

    private static Http3Failure malformed() {
        return Http3Failure.ofConnection(Http3Error.H3_FRAME_ERROR, "a frame of another length than its content");
    }

    private long number() throws Http3Failure {
        VarInt number = new VarInt();
        if (!number.read(content)) {
            throw malformed();
        }
        return number.value();
    }

    private void settings() throws Http3Failure {
        Set<Long> seen = new HashSet<>();
        while (content.isReadable()) {
            long name = number();
            long value = number();
            boolean ofHttp2 = name == 0 || name >= 2 && name <= 5;
            boolean notBoolean = (name == ENABLE_CONNECT_PROTOCOL || name == H3_DATAGRAM) && value > 1;
            if (ofHttp2 || notBoolean || !seen.add(name)) {
                throw Http3Failure.ofConnection(
                        Http3Error.H3_SETTINGS_ERROR,
                        "a setting of HTTP/2, a repeated one, or one without such a value");
            }
        }
    }

    private void identifier(long id) throws Http3Failure {
        boolean valid;
        if (type == Http3FrameDecoder.MAX_PUSH_ID) {
            valid = id >= maxPushId;
            maxPushId = id;
        } else if (type == Http3FrameDecoder.GOAWAY) {
            valid = id <= leftAt;
            leftAt = id;
        } else {
            valid = false; // nothing was promised that could be cancelled
        }
        if (!valid) {
            throw Http3Failure.ofConnection(Http3Error.H3_ID_ERROR, "identifier of a push: " + id);
        }
    }
}
