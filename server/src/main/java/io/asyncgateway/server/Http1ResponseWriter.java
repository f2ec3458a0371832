package io.asyncgateway.server;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.HttpVersion;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.FileRegion;
import java.nio.ByteBuffer;

/** Writes the responses of one HTTP/1 connection, framed as RFC 9112 section 6 says. Confined to its event loop. */
final class Http1ResponseWriter implements ResponseWriter {
    /** Head and body up to this size are encoded into one array, and from there copied once. */
    private static final int SMALL = 8 * 1024;

    private enum Framing {
        /** The response has no body, whatever is sent (HEAD, 204, 304). */
        NONE,
        LENGTH,
        CHUNKED,
        /** The end of the connection is the end of the body (HTTP/1.0). */
        CLOSE
    }

    private final OutputBuffer output;
    private final Http1HeadEncoder encoder;
    private Framing framing = Framing.NONE;
    private boolean http10;
    private boolean head;

    Http1ResponseWriter(OutputBuffer output, Http1HeadEncoder encoder) {
        this.output = output;
        this.encoder = encoder;
    }

    @Override
    public void begin(RequestHead request) {
        begin(request.version() == HttpVersion.HTTP_1_0, request.method().equals("HEAD"));
    }

    private void begin(boolean toHttp10, boolean toHead) {
        http10 = toHttp10;
        head = toHead;
        framing = Framing.NONE;
    }

    /** The whole response to what may be no request at all, in the server's own name. */
    void refuse(PlainResponse answer) {
        begin(false, false);
        whole(answer.start(), HeadEncoder.NO_LENGTH, answer.body(), false);
    }

    /**
     * The connection goes on with another protocol.
     *
     * @param fixed the fields of that protocol
     * @param headers the application's
     */
    void switching(Headers fixed, Headers headers) {
        encoder.switching(fixed, headers).writeTo(output);
    }

    /** Left out for HTTP/1.0, which knows none (RFC 9110 section 15.2). */
    @Override
    public void interim(int status, Headers headers) {
        if (!http10) {
            encoder.interim(status, headers).writeTo(output);
        }
    }

    @Override
    public boolean whole(HttpEvent.ResponseStart start, long declared, ByteBuffer body, boolean keepAlive) {
        int length = body.remaining();
        boolean bodyless = bodyless(start.status());
        framing = bodyless ? Framing.NONE : Framing.LENGTH;
        long announced = declared >= 0 ? declared : length;
        encoder.response(
                start.status(),
                start.headers(),
                start.status() == 204 || start.status() == 304 && declared < 0 ? HeadEncoder.NO_LENGTH : announced,
                connection(keepAlive));
        if (!bodyless && length <= SMALL) {
            encoder.body(body, 0, length).writeTo(output);
        } else {
            encoder.writeTo(output);
        }
        return keepAlive;
    }

    @Override
    public boolean takesWhole(ByteBuffer body) {
        return body.remaining() <= SMALL;
    }

    @Override
    public boolean start(HttpEvent.ResponseStart start, long declared, boolean keepAlive) {
        int status = start.status();
        boolean goesOn = keepAlive;
        long length;
        if (declared >= 0 && status != 204) {
            framing = bodyless(status) ? Framing.NONE : Framing.LENGTH;
            length = declared;
        } else if (status == 204 || status == 304) {
            framing = Framing.NONE;
            length = HeadEncoder.NO_LENGTH;
        } else if (http10) {
            framing = head ? Framing.NONE : Framing.CLOSE;
            length = HeadEncoder.NO_LENGTH;
            goesOn &= head;
        } else {
            framing = head ? Framing.NONE : Framing.CHUNKED;
            length = Http1HeadEncoder.CHUNKED_LENGTH;
        }
        encoder.response(status, start.headers(), length, connection(goesOn)).writeTo(output);
        return goesOn;
    }

    private boolean bodyless(int status) {
        return head || status == 204 || status == 304;
    }

    private Http1HeadEncoder.Connection connection(boolean keepAlive) {
        if (!keepAlive) {
            return Http1HeadEncoder.Connection.CLOSE;
        }
        return http10 ? Http1HeadEncoder.Connection.KEEP_ALIVE : Http1HeadEncoder.Connection.DEFAULT;
    }

    @Override
    public boolean isCloseDelimited() {
        return framing == Framing.CLOSE;
    }

    @Override
    public int part(ByteBuffer body, int offset, int length, boolean last) {
        if (framing == Framing.NONE || length == 0) {
            return length;
        }
        if (framing != Framing.CHUNKED) {
            OutputBuffer.copy(body, offset, length, output.room(length));
            return length;
        }
        ByteBuf target = output.room(length + 12);
        chunkSize(length, target);
        OutputBuffer.copy(body, offset, length, target);
        target.writeShort('\r' << 8 | '\n');
        return length;
    }

    private static void chunkSize(long size, ByteBuf target) {
        int digits = Math.max(1, (67 - Long.numberOfLeadingZeros(size)) >> 2);
        for (int shift = (digits - 1) << 2; shift >= 0; shift -= 4) {
            int digit = (int) (size >>> shift) & 0xf;
            target.writeByte(digit < 10 ? '0' + digit : 'a' + digit - 10);
        }
        target.writeShort('\r' << 8 | '\n');
    }

    @Override
    public ChannelFuture file(FileRegion region) {
        if (framing == Framing.CHUNKED) {
            chunkSize(region.count(), output.room(20));
            ChannelFuture written = output.write(region);
            output.room(2).writeShort('\r' << 8 | '\n');
            return written;
        }
        return output.write(region);
    }

    @Override
    public void end(Headers trailers) {
        if (framing == Framing.CHUNKED) {
            encoder.lastChunk(trailers).writeTo(output);
        }
    }
}
