package io.asyncgateway.server;

import io.asyncgateway.api.Headers;

/** Encodes the heads and trailers of responses (RFC 9114 section 4.3.2). Confined to its event loop. */
final class Http3HeadEncoder extends HeadEncoder {
    private final QpackEncoder qpack = new QpackEncoder();

    Http3HeadEncoder(HttpOptions options, DateClock clock, AlternativeService alternative) {
        super(options, clock, alternative);
    }

    /** The section that was encoded last. */
    QpackEncoder qpack() {
        return qpack;
    }

    /** The head of a final response. */
    void response(int status, Headers headers, long length) {
        qpack.begin();
        qpack.status(status);
        responseFields(headers);
        if (length >= 0) {
            qpack.field("content-length", Long.toString(length));
        }
    }

    /** An interim response: a status and the application's fields alone. */
    void interim(int status, Headers headers) {
        qpack.begin();
        qpack.status(status);
        applicationFields(headers);
    }

    void trailers(Headers trailers) {
        qpack.begin();
        applicationFields(trailers);
    }

    /** The answer to the handshake of a WebSocket (RFC 9220, RFC 8441 section 5). */
    void webSocket(Headers agreed, Headers headers) {
        qpack.begin();
        qpack.status(200);
        applicationFields(agreed);
        applicationFields(headers);
        serverFields(headers.contains("date"), headers.contains("server"));
    }

    @Override
    void field(String name, String value) {
        qpack.field(name, value);
    }

    @Override
    void date(DateClock clock) {
        qpack.field("date", clock.value());
    }

    @Override
    void server() {
        qpack.field("server", "async-gateway");
    }

    /** Also those of a connection, of which HTTP/3 knows none (RFC 9114 section 4.2). */
    @Override
    boolean isFraming(String name) {
        return Http2HeadEncoder.isOfConnection(name);
    }
}
