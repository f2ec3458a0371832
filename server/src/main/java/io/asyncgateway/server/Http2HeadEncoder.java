package io.asyncgateway.server;

import io.asyncgateway.api.Headers;

/** Encodes the heads and trailers of one HTTP/2 connection (RFC 9113 section 8.3.2). Confined to its event loop. */
final class Http2HeadEncoder extends HeadEncoder {
    private final HpackEncoder hpack = new HpackEncoder();

    Http2HeadEncoder(HttpOptions options, DateClock clock, AlternativeService alternative) {
        super(options, clock, alternative);
    }

    /** The block that was encoded last, and the table that its connection keeps. */
    HpackEncoder hpack() {
        return hpack;
    }

    /** The head of a final response. */
    void response(int status, Headers headers, long length) {
        hpack.begin();
        hpack.status(status);
        responseFields(headers);
        if (length >= 0) {
            hpack.contentLength(length);
        }
    }

    /** An interim response: a status and the application's fields alone. */
    void interim(int status, Headers headers) {
        hpack.begin();
        hpack.status(status);
        applicationFields(headers);
    }

    void trailers(Headers trailers) {
        hpack.begin();
        applicationFields(trailers);
    }

    /** The answer to the handshake of a WebSocket (RFC 8441 section 5). */
    void webSocket(Headers agreed, Headers headers) {
        hpack.begin();
        hpack.status(200);
        applicationFields(agreed);
        applicationFields(headers);
        serverFields(headers.contains("date"), headers.contains("server"));
    }

    @Override
    void field(String name, String value) {
        hpack.field(name, value);
    }

    @Override
    void date(DateClock clock) {
        hpack.field("date", clock.value());
    }

    @Override
    void server() {
        hpack.field("server", "async-gateway");
    }

    /** Also those of a connection, of which HTTP/2 knows none (RFC 9113 section 8.2.2). */
    @Override
    boolean isFraming(String name) {
        return isOfConnection(name);
    }

    static boolean isOfConnection(String name) {
        return switch (name.length()) {
            case 7 -> name.equals("upgrade");
            case 10 -> name.equals("connection") || name.equals("keep-alive");
            case 14 -> name.equals("content-length");
            case 16 -> name.equals("proxy-connection");
            case 17 -> name.equals("transfer-encoding");
            default -> false;
        };
    }
}
