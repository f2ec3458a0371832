package io.asyncgateway.server;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpEvent;
import io.netty.channel.ChannelFuture;
import io.netty.channel.FileRegion;
import java.nio.ByteBuffer;

/**
 * Writes the responses of one connection (or stream), one after the other, in the language of its protocol: the outbound half of a codec. It chooses the framing
 * and says whether the connection can go on; for the order of calls it trusts {@link HttpResponse}. Confined to its event loop.
 */
interface ResponseWriter {
    /** Begins the response to a request. */
    void begin(RequestHead request);

    /** Writes an interim response, 100 or 103, where the peer knows them. */
    void interim(int status, Headers headers);

    /**
     * Writes a response whose whole body is known; the body itself only where it {@link #takesWhole}, otherwise it is to follow in parts.
     *
     * @param declared the application's own content-length, or {@link HeadEncoder#NO_LENGTH}
     * @param keepAlive whether the connection is wanted further
     * @return whether it can go on
     */
    boolean whole(HttpEvent.ResponseStart start, long declared, ByteBuffer body, boolean keepAlive);

    /** Whether {@link #whole} would write this body too, as things stand now. */
    boolean takesWhole(ByteBuffer body);

    /**
     * Writes the head of a response whose body comes in parts.
     *
     * @param declared the application's own content-length, or {@link HeadEncoder#NO_LENGTH}
     * @param keepAlive whether the connection is wanted further
     * @return whether it can go on
     */
    boolean start(HttpEvent.ResponseStart start, long declared, boolean keepAlive);

    /**
     * Writes octets of a body, which keeps its position.
     *
     * @param last whether the body ends with them; {@link #end} follows in any case
     * @return how many it took: all of them, or fewer where the stream is no longer writable then
     */
    int part(ByteBuffer body, int offset, int length, boolean last);

    /** Writes a range of a file, which the kernel copies; the region is taken over. */
    ChannelFuture file(FileRegion region);

    /** Ends a body in parts. */
    void end(Headers trailers);

    /** Whether the end of the connection means the end of the body, so that a truncated one can't be told from a whole one. */
    boolean isCloseDelimited();
}
