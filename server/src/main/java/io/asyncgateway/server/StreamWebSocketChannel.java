package io.asyncgateway.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.AbstractChannel;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * One stream of an HTTP/2 or HTTP/3 connection as a channel of its own, so that a {@link WebSocketConnection} runs on it as on a socket (RFC 8441 section 5, RFC 9220): the windows of the stream hold back what
 * a full socket would, the end of the stream is the end of a direction, and a reset of the stream is a reset. Confined to the event loop of its connection.
 */
final class StreamWebSocketChannel extends AbstractChannel implements DuplexChannel {
    /** The stream underneath. */
    interface Stream {
        EventLoop loop();

        /** Asks for octets, which come by {@link #received}. */
        void demand();

        /** Whether there is something that can be asked for. */
        boolean hasInput();

        /** Whether it takes octets now. Where it does not, {@link #proceed()} is called when it does again. */
        boolean isWritable();

        /** Writes octets, as many as there is room for; returns how many. */
        int write(ByteBuf octets);

        /** The WebSocket says no more. */
        void endTunnel();

        /**
         * The WebSocket is over.
         *
         * @param ended whether it has said so
         */
        void tunnelClosed(boolean ended);
    }

    private static final ChannelMetadata METADATA = new ChannelMetadata(false);

    private final Stream stream;
    private final ChannelConfig config;
    private boolean closed;
    private boolean inputShut;
    private boolean outputShut;

    StreamWebSocketChannel(Stream stream, Channel connection, Limits limits) {
        super(connection);
        this.stream = stream;
        int high = limits.outboundWindow();
        this.config = new DefaultChannelConfig(this)
                .setAutoRead(false)
                .setAllocator(connection.alloc())
                .setWriteBufferWaterMark(new WriteBufferWaterMark(high / 2, high));
    }

    /** Begins, with what is to run on it. */
    @SuppressWarnings("FutureReturnValueIgnored") // on its own event loop it is registered at once
    void open(ChannelHandler handler) {
        pipeline().addLast("webSocket", handler);
        stream.loop().register(this);
    }

    /** Octets that were asked for; they are taken over. */
    void received(byte[] octets, int length, boolean last) {
        if (length > 0) {
            pipeline().fireChannelRead(Unpooled.wrappedBuffer(octets, 0, length));
        }
        pipeline().fireChannelReadComplete();
        if (last && !closed) {
            inputShut = true;
            pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        }
    }

    /** The stream takes more. */
    void proceed() {
        ((StreamUnsafe) unsafe()).proceed();
    }

    /** The stream is closed. */
    void gone() {
        if (!closed) {
            unsafe().close(voidPromise());
        }
    }

    @Override
    protected void doBeginRead() {
        if (stream.hasInput()) {
            eventLoop().execute(stream::demand); // not within whatever asks
        } else {
            stream.demand();
        }
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer out) {
        for (Object message = out.current(); message != null; message = out.current()) {
            ByteBuf octets = (ByteBuf) message;
            while (octets.isReadable()) {
                if (!stream.isWritable()) {
                    return;
                }
                out.progress(stream.write(octets));
            }
            out.remove();
        }
    }

    @Override
    protected void doClose() {
        closed = true;
        stream.tunnelClosed(outputShut);
    }

    @Override
    protected void doDisconnect() {
        doClose();
    }

    // ------------------------------------------------------------------------------------------------ half-closing

    @Override
    public boolean isInputShutdown() {
        return inputShut || closed;
    }

    @Override
    public boolean isOutputShutdown() {
        return outputShut || closed;
    }

    @Override
    public boolean isShutdown() {
        return isInputShutdown() && isOutputShutdown();
    }

    @Override
    public ChannelFuture shutdownOutput() {
        return shutdownOutput(newPromise());
    }

    /** To be called when everything is written. */
    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
        if (!outputShut && !closed) {
            outputShut = true;
            stream.endTunnel();
        }
        return promise.setSuccess();
    }

    @Override
    public ChannelFuture shutdownInput() {
        return shutdownInput(newPromise());
    }

    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
        return promise.setFailure(new UnsupportedOperationException());
    }

    @Override
    public ChannelFuture shutdown() {
        return shutdown(newPromise());
    }

    @Override
    public ChannelFuture shutdown(ChannelPromise promise) {
        return close(promise);
    }

    // ------------------------------------------------------------------------------------------ what else a channel is

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public boolean isActive() {
        return !closed;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new StreamUnsafe();
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return true;
    }

    @Override
    protected @Nullable SocketAddress localAddress0() {
        return parent().localAddress();
    }

    @Override
    protected @Nullable SocketAddress remoteAddress0() {
        return parent().remoteAddress();
    }

    @Override
    protected void doBind(SocketAddress address) {
        throw new UnsupportedOperationException();
    }

    private final class StreamUnsafe extends AbstractUnsafe {
        void proceed() {
            flush0();
        }

        @Override
        public void connect(SocketAddress remote, SocketAddress local, ChannelPromise promise) {
            promise.setFailure(new UnsupportedOperationException());
        }
    }
}
