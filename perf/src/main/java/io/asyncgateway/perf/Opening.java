package io.asyncgateway.perf;

/** The opening request of a WebSocket (RFC 6455 section 4.1). */
final class Opening {
    private Opening() {}

    static String of(String path) {
        return String.join(
                "\r\n",
                "GET " + path + " HTTP/1.1",
                "Host: 127.0.0.1",
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Sec-WebSocket-Version: 13",
                "",
                "");
    }
}
