package io.asyncgateway.server;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpVersion;

/**
 * The head of a request as a codec hands it on. Where {@link #hasBody()}, parts of the body follow; nothing follows otherwise.
 *
 * @param version the version
 * @param method the method
 * @param target the request target as received
 * @param headers the header fields
 * @param contentLength the length of the body; 0 for none, {@link #CHUNKED} if it is not known
 * @param keepAlive whether the peer wants to go on with the connection
 * @param expectsContinue whether it waits for a 100 before it sends the body
 * @param upgrade whether it asks for another protocol on this connection (RFC 9110 section 7.8), or for a WebSocket on its stream (RFC 8441)
 */
record RequestHead(
        HttpVersion version,
        String method,
        String target,
        Headers headers,
        long contentLength,
        boolean keepAlive,
        boolean expectsContinue,
        boolean upgrade) {
    static final long CHUNKED = -1;

    boolean hasBody() {
        return contentLength != 0;
    }
}
