package io.asyncgateway.server;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpEvent;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One stream of an HTTP/2 connection: the windows of both directions, and what of a request's body has come and was not asked for yet, which is never more than the window.
 * Frames go to {@link Http2Streams} first. Confined to the event loop of its connection.
 *
 * <pre>
 *   input: OPEN ──(END_STREAM)──► ENDED
 *          OPEN ──(limit, time, the response is complete)──► UNWANTED ──(END_STREAM)──► ENDED
 *          UNWANTED ──(response complete, and time or too much)──► the stream is reset
 * </pre>
 */
final class Http2Stream implements HttpStream, StreamWebSocketChannel.Stream, StreamFileTransfer.Target {
    private enum Input {
        OPEN,
        UNWANTED,
        ENDED
    }

    private static final byte[] NOTHING = {};
    private static final int SMALLEST = 512;

    private final Http2Streams streams;
    private final int id;
    private final Http2ResponseWriter writer;
    private @Nullable HttpExchange exchange;
    private boolean closed;

    // Input
    private Input input;
    private final long declared;
    private long size;
    private long unwanted;
    private boolean responded;
    private int receiveWindow;
    private int credit;
    private byte[] waiting = NOTHING;
    private int waitingSize;
    private @Nullable Headers trailers;
    private boolean ended;
    private boolean demanded;
    private @Nullable LazyTimer gap;
    private @Nullable Pace pace;
    private @Nullable Pace takingPace;

    // Output
    private int sendWindow;
    private boolean queued;
    private @Nullable LazyTimer stall;
    private @Nullable StreamFileTransfer file;

    // A WebSocket
    private boolean webSocket;
    private @Nullable StreamWebSocketChannel tunnel;

    /**
     * A new stream.
     *
     * @param inputEnded whether the request has no body
     * @param declared its content-length; negative if there was none
     */
    Http2Stream(Http2Streams streams, int id, boolean inputEnded, long declared, int sendWindow, int receiveWindow) {
        this.streams = streams;
        this.id = id;
        this.input = inputEnded ? Input.ENDED : Input.OPEN;
        this.declared = declared;
        this.sendWindow = sendWindow;
        this.receiveWindow = receiveWindow;
        this.writer = new Http2ResponseWriter(this, streams.output);
    }

    int id() {
        return id;
    }

    void begin(RequestHead head) {
        webSocket = head.upgrade();
        writer.begin(head);
        Dispatcher.dispatch(this, head, streams.context);
    }

    // ------------------------------------------------------------------------------------------------ input

    void checkOpen() throws Http2Failure {
        if (input == Input.ENDED) {
            throw Http2Failure.ofStream(id, Http2Error.STREAM_CLOSED, "a frame behind the end of its stream");
        }
    }

    boolean isWebSocket() {
        return webSocket;
    }

    boolean isInputEnded() {
        return input == Input.ENDED;
    }

    boolean dataBegins(int flowControlled, int length, boolean endStream) throws Http2Failure {
        checkOpen();
        receiveWindow -= flowControlled;
        if (receiveWindow < 0) {
            throw Http2Failure.ofStream(id, Http2Error.FLOW_CONTROL_ERROR, "more than the stream's window");
        }
        size += length;
        checkDeclared(endStream);
        if (input == Input.OPEN
                && !webSocket
                && size > streams.context.config.limits().bodySize()) {
            broken(new HttpFailure(
                    413, "body of more than " + streams.context.config.limits().bodySize() + " octets"));
        }
        if (input == Input.UNWANTED) {
            unwanted(length, flowControlled, endStream);
            return false;
        }
        credit += flowControlled - length;
        return true;
    }

    private void unwanted(int length, int flowControlled, boolean end) {
        unwanted += length;
        credit += flowControlled;
        if (end) {
            inputEnded();
        } else if (responded) {
            drain();
        }
    }

    private void inputEnded() {
        input = Input.ENDED;
        if (responded) {
            streams.remove(this);
        }
    }

    /** Throws away what is left of a body, within bounds: most peers end soon, and that is cheaper for both than a reset. What comes is still checked. */
    private void drain() {
        if (unwanted > streams.context.config.limits().unreadBody()) {
            streams.reset(this, Http2Error.NO_ERROR);
        } else {
            giveCredit();
        }
    }

    private void checkDeclared(boolean last) throws Http2Failure {
        if (declared >= 0 && (size > declared || last && size < declared)) {
            throw Http2Failure.ofStream(id, Http2Error.PROTOCOL_ERROR, "a body of another length than content-length");
        }
    }

    /** Data, exactly so many octets of what is given; {@code end} if they are the last. */
    void data(ByteBuf octets, int length, boolean end) {
        if (input != Input.OPEN) {
            unwanted(length, length, end); // since the response was complete, or the body broken, within this frame
            return;
        }
        if (end) {
            input = Input.ENDED;
            ended = true;
        }
        Pace waited = pace;
        LazyTimer timer = gap;
        if (waited != null && timer != null) {
            waited.came(timer.now(), length);
        }
        if (demanded && waitingSize == 0 && length > 0) {
            waiting = new byte[length];
        } else if (waitingSize + length > waiting.length) {
            waiting = Arrays.copyOf(waiting, Math.max(waitingSize + length, Math.max(SMALLEST, 2 * waiting.length)));
        }
        octets.readBytes(waiting, waitingSize, length);
        waitingSize += length;
        deliver();
    }

    /** The body is complete, and these are its trailers. */
    void ended(Headers fields) throws Http2Failure {
        checkDeclared(true);
        if (input == Input.OPEN) {
            trailers = fields;
            ended = true;
            input = Input.ENDED;
            deliver();
        } else {
            inputEnded();
        }
    }

    /** The rest of the body can't be had. */
    void broken(HttpFailure failure) {
        HttpExchange current = exchange;
        if (input == Input.OPEN && current != null) {
            input = Input.UNWANTED;
            clearGap();
            current.bodyBroken(failure);
        }
    }

    @Override
    public void demand() {
        demanded = true;
        deliver();
        if (demanded && input == Input.OPEN && !closed && tunnel == null) {
            LazyTimer timer = inputTimer();
            timer.set(pace().waits(timer.now()));
        }
    }

    private LazyTimer inputTimer() {
        LazyTimer known = gap;
        if (known == null) {
            known = new LazyTimer(loop(), this::inputTimedOut);
            gap = known;
        }
        return known;
    }

    private void inputTimedOut() {
        if (responded) {
            streams.reset(this, Http2Error.NO_ERROR);
        } else {
            broken(new HttpFailure(408, "body stalled"));
        }
    }

    private Pace pace() {
        Pace known = pace;
        if (known == null) {
            ServerConfig config = streams.context.config;
            known = new Pace(config.timeouts().bodyGap(), config.limits().bodyRate());
            pace = known;
        }
        return known;
    }

    private void clearGap() {
        LazyTimer timer = gap;
        if (timer != null) {
            timer.clear();
        }
    }

    /** Whether there is something that can be asked for. */
    @Override
    public boolean hasInput() {
        return waitingSize > 0 || ended;
    }

    private void deliver() {
        if (!demanded || closed || !hasInput()) {
            return;
        }
        demanded = false;
        clearGap();
        byte[] octets = waiting;
        int length = waitingSize;
        credit += length;
        waiting = NOTHING;
        waitingSize = 0;
        boolean last = ended;
        ended = false;
        if (!last) {
            giveCredit();
        }
        StreamWebSocketChannel webSocketChannel = tunnel;
        HttpExchange current = exchange;
        if (webSocketChannel != null) {
            webSocketChannel.received(octets, length, last);
        } else if (current != null) {
            part(current, ByteBuffer.wrap(octets, 0, length).slice().asReadOnlyBuffer(), last);
        }
    }

    private void part(HttpExchange current, ByteBuffer body, boolean last) {
        Headers fields = trailers;
        current.bodyPart(new HttpEvent.Request(body, !last, last && fields != null ? fields : Headers.empty()));
    }

    /** The peer may send as much as was taken, told in large steps. */
    private void giveCredit() {
        if (credit >= streams.streamWindow() / 2) {
            receiveWindow += credit;
            streams.output.windowUpdate(id, credit);
            credit = 0;
        }
    }

    void changeReceiveWindow(int change) {
        receiveWindow += change;
    }

    // ------------------------------------------------------------------------------------------------ output

    /** The peer takes more, or less; {@code false} if that is more than there can be. */
    boolean openWindow(long change) {
        long changed = sendWindow + change;
        if (changed > Http2Settings.LARGEST_WINDOW) {
            return false;
        }
        boolean shut = sendWindow <= 0;
        sendWindow = (int) changed;
        if (shut && sendWindow > 0) {
            resume();
        }
        return true;
    }

    /** How many octets may go out now. */
    int room() {
        return Math.max(0, Math.min(sendWindow, streams.output.room()));
    }

    @Override
    public boolean isWritable() {
        if (room() > 0) {
            return true;
        }
        if (!closed) {
            awaitRoom();
        }
        return false;
    }

    private void awaitRoom() {
        if (sendWindow > 0 && !queued) {
            queued = true;
            streams.output.await(this);
        }
        LazyTimer timer = stall;
        if (timer == null) {
            timer = new LazyTimer(loop(), this::stalled);
            stall = timer;
        }
        if (!timer.isSet()) {
            timer.set(takingPace().waits(timer.now()));
        }
    }

    private Pace takingPace() {
        Pace known = takingPace;
        if (known == null) {
            ServerConfig config = streams.context.config;
            known = new Pace(config.timeouts().responseGap(), config.limits().responseRate());
            takingPace = known;
        }
        return known;
    }

    private void stalled() {
        streams.reset(this, Http2Error.CANCEL);
        peerGone();
    }

    /** Writes octets of a body, which keeps its position, as many as there is room for; returns how many. */
    @Override
    public int write(ByteBuffer body, int offset, int length, boolean last) {
        int taken = Math.min(length, room());
        if (taken > 0) {
            boolean cut = taken < length;
            OutputBuffer.copy(body, offset, taken, streams.output.data(id, taken, last && !cut, cut));
            written(taken);
        }
        return taken;
    }

    /** Writes octets, as many as there is room for; returns how many. */
    @Override
    public int write(ByteBuf octets) {
        int taken = Math.min(octets.readableBytes(), room());
        if (taken > 0) {
            streams.output
                    .data(id, taken, false, taken < octets.readableBytes())
                    .writeBytes(octets, taken);
            written(taken);
        }
        return taken;
    }

    private void written(int octets) {
        sendWindow -= octets;
        LazyTimer timer = stall;
        if (timer != null) {
            timer.clear();
            takingPace().came(timer.now(), octets);
        }
    }

    /** The turn of this stream has come. */
    void turn() {
        queued = false;
        resume();
    }

    private void resume() {
        if (closed) {
            return;
        }
        StreamFileTransfer sending = file;
        StreamWebSocketChannel webSocketChannel = tunnel;
        HttpExchange current = exchange;
        if (sending != null) {
            sending.proceed();
        } else if (webSocketChannel != null) {
            webSocketChannel.proceed();
        } else if (current != null) {
            current.writable();
        }
    }

    @Override
    public void sending(@Nullable StreamFileTransfer transfer) {
        file = transfer;
    }

    Http2Streams streams() {
        return streams;
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    // ------------------------------------------------------------------------------------------------ what the
    // exchange
    // asks

    @Override
    public EventLoop loop() {
        return streams.output.loop();
    }

    @Override
    public Addresses addresses() {
        return streams.addresses;
    }

    @Override
    public void occupy(HttpExchange occupant) {
        exchange = occupant;
    }

    @Override
    public ResponseWriter writer() {
        return writer;
    }

    @Override
    public void flush() {
        streams.output.octets().flushNow();
    }

    /** The connection goes on, whatever becomes of one stream. */
    @Override
    public boolean isClosing() {
        return false;
    }

    /** Everything that waits here is watched. */
    @Override
    public void watchStall() {}

    @Override
    public void exchangeEnded(HttpExchange occupant, boolean goesOn) {
        exchange = null;
        responded = true;
        if (closed) {
            return;
        }
        if (input == Input.ENDED) {
            streams.remove(this);
        } else {
            input = Input.UNWANTED;
            credit += waitingSize;
            waiting = NOTHING;
            waitingSize = 0;
            inputTimer().set(streams.context.config.timeouts().linger().toNanos());
            drain();
        }
        streams.output.octets().flushIfIdle();
    }

    @Override
    public void abort(boolean sendingFile) {
        exchange = null;
        streams.reset(this, Http2Error.INTERNAL_ERROR);
    }

    @Override
    public void openWebSocket(
            WebSocketHandshake.Valid handshake, Headers agreed, Headers headers, WebSocketConnection successor) {
        exchange = null;
        streams.output.heads().webSocket(agreed, headers);
        streams.output.headers(id, false);
        StreamWebSocketChannel channel =
                new StreamWebSocketChannel(this, streams.output.channel(), streams.context.config.limits());
        tunnel = channel;
        channel.open(successor);
        successor.begin(null, false, streams.context.draining.isFired());
    }

    /** The WebSocket says no more. */
    @Override
    public void endTunnel() {
        streams.output.data(id, 0, true, false);
        if (input == Input.ENDED) {
            streams.remove(this);
        } else {
            streams.output.octets().flushIfIdle();
        }
    }

    /** The WebSocket is over. */
    @Override
    public void tunnelClosed(boolean ended) {
        streams.reset(this, ended ? Http2Error.NO_ERROR : Http2Error.CANCEL);
    }

    /** Tells a WebSocket of what the server does; {@code false} if this is none. */
    boolean tell(ServerEvent event) {
        StreamWebSocketChannel channel = tunnel;
        if (channel != null) {
            channel.pipeline().fireUserEventTriggered(event);
        }
        return channel != null;
    }

    // ------------------------------------------------------------------------------------------------ the end

    /** Nothing more comes or goes. */
    void closed() {
        closed = true;
        waiting = NOTHING;
        waitingSize = 0;
        if (queued) {
            streams.output.forget(this);
        }
        close(gap);
        close(stall);
        StreamFileTransfer sending = file;
        if (sending != null) {
            sending.proceed();
        }
        StreamWebSocketChannel webSocketChannel = tunnel;
        if (webSocketChannel != null) {
            webSocketChannel.gone();
        }
    }

    private static void close(@Nullable LazyTimer timer) {
        if (timer != null) {
            timer.close();
        }
    }

    /** The peer has reset the stream, or the connection is gone. */
    void peerGone() {
        HttpExchange current = exchange;
        exchange = null;
        if (current != null) {
            current.peerGone();
        }
    }

    /** By force, without the grace period. */
    void cancelApplication() {
        HttpExchange current = exchange;
        peerGone();
        if (current != null) {
            current.cancelApplication();
        }
    }
}
