package io.asyncgateway.server;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpEvent;
import io.netty.channel.ChannelFuture;
import io.netty.channel.FileRegion;
import java.nio.ByteBuffer;

/** Writes the response of one HTTP/3 stream (RFC 9114 section 4.1). Confined to its event loop. */
final class Http3ResponseWriter implements ResponseWriter {
    /** A body up to this size goes out with its head. */
    private static final int SMALL = 8 * 1024;

    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    private final Http3Stream stream;
    private final Http3HeadEncoder heads;
    private boolean head;
    private boolean ended;

    Http3ResponseWriter(Http3Stream stream, Http3HeadEncoder heads) {
        this.stream = stream;
        this.heads = heads;
    }

    @Override
    public void begin(RequestHead request) {
        head = request.method().equals("HEAD");
    }

    @Override
    public void interim(int status, Headers headers) {
        heads.interim(status, headers);
        stream.headers(heads.qpack(), false);
    }

    @Override
    public boolean whole(HttpEvent.ResponseStart start, long declared, ByteBuffer body, boolean keepAlive) {
        int status = start.status();
        int length = body.remaining();
        boolean noLength = status == 204 || status == 304 && declared < 0;
        heads.response(status, start.headers(), noLength ? HeadEncoder.NO_LENGTH : declared >= 0 ? declared : length);
        ended = bodyless(status) || length == 0;
        boolean fits = !ended && takesWhole(body);
        stream.headers(heads.qpack(), ended);
        if (fits) {
            stream.write(body, 0, length, true);
            ended = true;
        }
        closeIfAsked(start.headers(), keepAlive);
        return true;
    }

    @Override
    public boolean takesWhole(ByteBuffer body) {
        return body.remaining() <= SMALL && stream.isWritable();
    }

    @Override
    public boolean start(HttpEvent.ResponseStart start, long declared, boolean keepAlive) {
        int status = start.status();
        heads.response(status, start.headers(), status == 204 ? HeadEncoder.NO_LENGTH : declared);
        stream.headers(heads.qpack(), false);
        closeIfAsked(start.headers(), keepAlive);
        return true;
    }

    private boolean bodyless(int status) {
        return head || status == 204 || status == 304;
    }

    /** What closes a connection of HTTP/1 lets one of HTTP/3 run dry. */
    private void closeIfAsked(Headers headers, boolean keepAlive) {
        if (!keepAlive && "close".equalsIgnoreCase(headers.first("connection"))) {
            stream.connection().drain();
        }
    }

    @Override
    public int part(ByteBuffer body, int offset, int length, boolean last) {
        ended |= last;
        return stream.write(body, offset, length, last);
    }

    @Override
    public ChannelFuture file(FileRegion region) {
        return StreamFileTransfer.begin(stream, region, stream.newPromise());
    }

    @Override
    public void end(Headers trailers) {
        if (ended) {
            return;
        }
        ended = true;
        if (trailers.isEmpty()) {
            stream.write(EMPTY, 0, 0, true);
        } else {
            heads.trailers(trailers);
            stream.headers(heads.qpack(), true);
        }
    }

    /** The end of a stream is always said. */
    @Override
    public boolean isCloseDelimited() {
        return false;
    }
}
