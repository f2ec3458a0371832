package io.asyncgateway.server;

import io.asyncgateway.api.Headers;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.nio.ByteBuffer;

/**
 * One stream of an HTTP/2 connection: what its exchange, its file or its WebSocket asks, and its end. What comes is {@link Http2StreamInput}, what goes out {@link Http2StreamOutput};
 * frames go to {@link Http2Streams} first. Confined to the event loop of its connection.
 */
final class Http2Stream extends MultiplexedStream {
    final Http2StreamInput input;
    final Http2StreamOutput output;

    private final Http2Streams streams;
    private final int id;
    private final Http2ResponseWriter writer;
    private boolean webSocket;

    /**
     * A new stream.
     *
     * @param inputEnded whether the request has no body
     * @param declared its content-length; negative if there was none
     */
    Http2Stream(Http2Streams streams, int id, boolean inputEnded, long declared, int sendWindow, int receiveWindow) {
        super(streams.context);
        this.streams = streams;
        this.id = id;
        this.input = new Http2StreamInput(this, inputEnded, declared, receiveWindow);
        this.output = new Http2StreamOutput(this, streams.output, sendWindow);
        this.writer = new Http2ResponseWriter(this, streams.output);
    }

    int id() {
        return id;
    }

    Http2Streams streams() {
        return streams;
    }

    void begin(RequestHead head) {
        webSocket = head.upgrade();
        writer.begin(head);
        Dispatcher.dispatch(this, head, context);
    }

    /** Whether the request asks for a WebSocket. */
    boolean isWebSocket() {
        return webSocket;
    }

    // ------------------------------------------------------------------------------------------------ what is asked

    @Override
    Channel channel() {
        return streams.output.channel();
    }

    @Override
    public Addresses addresses() {
        return streams.addresses;
    }

    @Override
    public ResponseWriter writer() {
        return writer;
    }

    @Override
    public void demand() {
        input.demand();
    }

    @Override
    public boolean isWritable() {
        return output.isWritable();
    }

    /** Windows are for DATA alone (RFC 9113 section 5.2.1). */
    @Override
    public boolean takesHeads() {
        return channel().isWritable() || output.isWritable();
    }

    @Override
    public void flush() {
        streams.output.octets().flushNow();
    }

    @Override
    public void exchangeEnded(HttpExchange occupant, boolean goesOn) {
        vacate();
        input.responded();
        streams.output.octets().flushIfIdle();
    }

    @Override
    public void abort(boolean sendingFile) {
        vacate();
        streams.reset(this, Http2Error.INTERNAL_ERROR);
    }

    @Override
    void acceptWebSocket(Headers agreed, Headers headers) {
        streams.output.heads().webSocket(agreed, headers);
        streams.output.headers(id, false);
    }

    // ------------------------------------------------------------------------------------------------ file, WebSocket

    @Override
    public int write(ByteBuffer body, int offset, int length, boolean last) {
        return output.write(body, offset, length, last);
    }

    @Override
    public int write(ByteBuf octets) {
        return output.write(octets);
    }

    @Override
    public boolean hasInput() {
        return input.hasInput();
    }

    /** The WebSocket says no more. */
    @Override
    public void endTunnel() {
        streams.output.data(id, 0, true, false);
        if (input.isEnded()) {
            streams.remove(this);
        } else {
            streams.output.octets().flushIfIdle();
        }
    }

    @Override
    void webSocketClosed(boolean ended) {
        if (ended && input.isEnded()) {
            streams.remove(this);
        } else {
            streams.reset(this, ended ? Http2Error.NO_ERROR : Http2Error.CANCEL);
        }
    }

    // ------------------------------------------------------------------------------------------------ the end

    /** The peer does not take what there is for it. */
    void stalled() {
        streams.reset(this, Http2Error.CANCEL);
        peerGone();
    }

    @Override
    void release() {
        input.close();
        output.close();
    }
}
