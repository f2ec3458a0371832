package io.asyncgateway.server;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What comes on the stream of one request of HTTP/3. It is read only as far as the application has asked, and one piece ahead; the window of QUIC holds back the rest. One timer is enough, for of the
 * header section, the body and what is unwanted a peer owes one at a time. Confined to the event loop of its connection.
 *
 * <pre>
 *   state      on                                        next
 *   HEAD       header section                            OPEN, or ENDED where it is the end
 *   OPEN       end                                       ENDED
 *   OPEN       limit, time, the response is complete     UNWANTED
 *   UNWANTED   end                                       ENDED
 *   UNWANTED   too much, too long                        STOPPED
 *   any        reset by the peer before its end          STOPPED
 * </pre>
 */
final class Http3StreamInput extends StreamInput implements Http3RequestDecoder.Message {
    private enum State {
        HEAD,
        OPEN,
        UNWANTED,
        ENDED,
        STOPPED
    }

    private final Http3Stream stream;
    private final Http3Connection connection;
    private final ServerConfig config;
    private final Http3RequestDecoder decoder;
    private final LazyTimer timer;
    private @Nullable PaceTimer gap;

    private State state = State.HEAD;
    private boolean webSocket;
    private long unwanted;

    /** The stream was asked for a piece. */
    private boolean reading;

    Http3StreamInput(Http3Stream stream, Http3Connection connection) {
        this.stream = stream;
        this.connection = connection;
        this.config = connection.context.config;
        this.decoder = connection.decoder(this);
        this.timer = new LazyTimer(stream.loop(), this::timedOut);
    }

    boolean isEnded() {
        return state == State.ENDED;
    }

    boolean isStopped() {
        return state == State.STOPPED;
    }

    // ------------------------------------------------------------------------------------------------ reading

    void begin() {
        timer.set(config.timeouts().requestHead().toNanos());
        readOn();
    }

    /** A piece has come, which was asked for. */
    void read(ByteBuf octets, boolean fin) throws Http3Failure {
        reading = false;
        if (isOpen()) {
            decoder.input(octets, fin);
            deliver();
        }
    }

    void readOn() {
        boolean wanted =
                switch (state) {
                    case HEAD -> true;
                    case OPEN -> isDemanded() || waitingSize() == 0;
                    case UNWANTED -> !stream.hasExchange(); // else the window holds the peer back
                    case ENDED, STOPPED -> false;
                };
        if (wanted && !reading && !stream.isClosed()) {
            reading = true;
            stream.readOn();
        }
    }

    // ------------------------------------------------------------------------------------------------ the request

    @Override
    public boolean isOpen() {
        return !stream.isClosed() && state != State.ENDED && state != State.STOPPED;
    }

    @Override
    public void head(FieldSection section, boolean last) throws Http3Failure {
        timer.clear();
        state = last ? State.ENDED : State.OPEN;
        try {
            RequestHead head = connection.parser.parse(section, last);
            declare(head.hasBody() ? connection.parser.contentLength() : 0);
            webSocket = head.upgrade();
            stream.requested(head);
        } catch (MalformedMessage malformed) {
            throw malformed(malformed);
        } catch (HttpFailure failure) {
            stream.refuse(failure);
        }
    }

    private static Http3Failure malformed(MalformedMessage malformed) {
        return Http3Failure.ofStream(Http3Error.H3_MESSAGE_ERROR, String.valueOf(malformed.getMessage()));
    }

    @Override
    public void data(ByteBuf in, int length) throws Http3Failure {
        count(length);
        checkDeclared(false);
        long most = config.limits().bodySize();
        if (state == State.OPEN && size() > most) {
            broken(new HttpFailure(413, "body of more than " + most + " octets"));
        }
        if (state != State.OPEN) {
            skip(in, length);
            return;
        }
        add(in, length);
        PaceTimer waits = gap;
        if (waits != null) {
            waits.came(length);
        }
    }

    private void skip(ByteBuf in, int length) {
        in.skipBytes(length);
        unwanted += length;
        if (unwanted > config.limits().unreadBody() && !stream.hasExchange()) {
            stop();
        }
    }

    private void checkDeclared(boolean complete) throws Http3Failure {
        if (isMisdeclared(complete)) {
            throw Http3Failure.ofStream(Http3Error.H3_MESSAGE_ERROR, "a body of another length than content-length");
        }
    }

    @Override
    public void trailers(FieldSection section) throws Http3Failure {
        if (webSocket) {
            throw Http3FrameDecoder.unexpected("HEADERS in a WebSocket");
        }
        try {
            endWith(connection.parser.trailers(section));
        } catch (MalformedMessage malformed) {
            throw malformed(malformed);
        } catch (HttpFailure failure) {
            broken(failure);
        }
    }

    @Override
    public void end() throws Http3Failure {
        checkDeclared(true);
        if (state == State.OPEN) {
            complete();
        }
        state = State.ENDED;
        timer.clear();
    }

    // ------------------------------------------------------------------------------------------------ demand

    /** Asks for what waits, or for what comes next, which then has its time. */
    void demand() {
        ask();
        deliver();
        if (isDemanded() && state == State.OPEN && !stream.isClosed()) {
            if (!stream.isTunnel()) {
                gap().waits();
            }
            readOn();
        }
    }

    private PaceTimer gap() {
        PaceTimer known = gap;
        if (known == null) {
            known = new PaceTimer(
                    timer, config.timeouts().bodyGap(), config.limits().bodyRate());
            gap = known;
        }
        return known;
    }

    private void deliver() {
        boolean asked = isDemanded() && (stream.hasExchange() || stream.isTunnel());
        if (!asked || stream.isClosed() || !hasInput()) {
            return;
        }
        timer.clear();
        handOver(stream);
        readOn();
    }

    // ------------------------------------------------------------------------------------------------ the end

    /** The rest of the body can't be had. */
    private void broken(HttpFailure failure) {
        if (state == State.OPEN && stream.hasExchange()) {
            state = State.UNWANTED;
            timer.clear();
            stream.bodyBroken(failure);
        }
    }

    /** Nobody will ask for the rest. The peer may send it for a while, which is cheaper for both than a stop. */
    void unwanted() {
        if (state == State.OPEN || state == State.UNWANTED) {
            state = State.UNWANTED;
            forget();
            timer.set(config.timeouts().linger().toNanos());
            readOn();
        }
    }

    private void timedOut() {
        switch (state) {
            case HEAD ->
                stream.fail(Http3Failure.ofStream(Http3Error.H3_REQUEST_INCOMPLETE, "no header section in time"));
            case OPEN -> broken(new HttpFailure(408, "body stalled"));
            case UNWANTED -> stop();
            case ENDED, STOPPED -> {}
        }
    }

    private void stop() {
        state = State.STOPPED;
        stream.stopInput();
    }

    /** The peer has reset its direction. */
    void wasReset() {
        if (state != State.ENDED) {
            state = State.STOPPED;
        }
    }

    /** Nothing more comes, and nothing that waits is asked for. */
    void close() {
        forget();
        timer.close();
    }
}
