package io.asyncgateway.server;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpEvent;
import io.netty.channel.ChannelFuture;
import io.netty.channel.FileRegion;
import java.nio.ByteBuffer;

/** Writes the response of one HTTP/2 stream (RFC 9113 section 8.1). Confined to its event loop. */
final class Http2ResponseWriter implements ResponseWriter {
    /** A body up to this size goes out with its head. */
    private static final int SMALL = 8 * 1024;

    private final Http2Stream stream;
    private final Http2Output output;
    private boolean head;
    private boolean ended;

    Http2ResponseWriter(Http2Stream stream, Http2Output output) {
        this.stream = stream;
        this.output = output;
    }

    @Override
    public void begin(RequestHead request) {
        head = request.method().equals("HEAD");
    }

    @Override
    public void interim(int status, Headers headers) {
        output.heads().interim(status, headers);
        output.headers(stream.id(), false);
    }

    @Override
    public boolean whole(HttpEvent.ResponseStart start, long declared, ByteBuffer body, boolean keepAlive) {
        int status = start.status();
        boolean bodyless = bodyless(status);
        int length = body.remaining();
        boolean noLength = status == 204 || status == 304 && declared < 0;
        output.heads()
                .response(
                        status, start.headers(), noLength ? HeadEncoder.NO_LENGTH : declared >= 0 ? declared : length);
        ended = bodyless || length == 0;
        boolean fits = !ended && takesWhole(body);
        output.headers(stream.id(), ended);
        if (fits) {
            stream.write(body, 0, length, true);
            ended = true;
        }
        closeIfAsked(start.headers(), keepAlive);
        return true;
    }

    @Override
    public boolean takesWhole(ByteBuffer body) {
        return body.remaining() <= Math.min(SMALL, stream.output.room());
    }

    @Override
    public boolean start(HttpEvent.ResponseStart start, long declared, boolean keepAlive) {
        int status = start.status();
        output.heads().response(status, start.headers(), status == 204 ? HeadEncoder.NO_LENGTH : declared);
        output.headers(stream.id(), false);
        closeIfAsked(start.headers(), keepAlive);
        return true;
    }

    private boolean bodyless(int status) {
        return head || status == 204 || status == 304;
    }

    /** What closes a connection of HTTP/1 lets one of HTTP/2 run dry. */
    private void closeIfAsked(Headers headers, boolean keepAlive) {
        if (!keepAlive && "close".equalsIgnoreCase(headers.first("connection"))) {
            stream.streams().drain();
        }
    }

    @Override
    public int part(ByteBuffer body, int offset, int length, boolean last) {
        int taken = stream.write(body, offset, length, last);
        ended |= last && taken == length;
        return taken;
    }

    @Override
    public ChannelFuture file(FileRegion region) {
        return StreamFileTransfer.begin(stream, region, output.newPromise());
    }

    @Override
    public void end(Headers trailers) {
        if (ended) {
            return;
        }
        ended = true;
        if (trailers.isEmpty()) {
            output.data(stream.id(), 0, true, false);
        } else {
            output.heads().trailers(trailers);
            output.headers(stream.id(), true);
        }
    }

    /** The end of a stream is always said. */
    @Override
    public boolean isCloseDelimited() {
        return false;
    }
}
