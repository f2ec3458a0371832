package io.asyncgateway.server;

/** What holds whatever the peer of a WebSocket sends. */
final class WebSocketInvariants {
    private WebSocketInvariants() {}

    /** Checks the pipeline's behind a handshake without and with compression. */
    static void check(byte[] octets) {
        FuzzedConnection.check(ClientFrames.concat(WebSocketBench.requestOctets(), octets));
        FuzzedConnection.check(ClientFrames.concat(
                WebSocketBench.requestOctets("Sec-WebSocket-Extensions: permessage-deflate"), octets));
    }
}
