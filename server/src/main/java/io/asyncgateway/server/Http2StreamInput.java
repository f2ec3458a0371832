package io.asyncgateway.server;

import io.asyncgateway.api.Headers;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What comes on one stream of HTTP/2: its window, which is opened as what came is taken, so that never more waits than the window; the limits on the body; and the pace of a peer that is
 * waited for. Confined to the event loop of its connection.
 *
 * <pre>
 *   state      on                                            next
 *   OPEN       END_STREAM                                    ENDED
 *   OPEN       limit, time, the response is complete         UNWANTED
 *   UNWANTED   END_STREAM                                    ENDED
 *   UNWANTED   the response is complete, time or too much    the stream is reset
 * </pre>
 */
final class Http2StreamInput extends StreamInput {
    private enum State {
        OPEN,
        UNWANTED,
        ENDED
    }

    private final Http2Stream stream;
    private State state;
    private int window;

    /** Octets that came and are done with, for which the window was not opened yet. */
    private int credit;

    private long unwanted;
    private boolean responded;
    private @Nullable LazyTimer timer;
    private @Nullable PaceTimer gap;

    /**
     * Of a new stream.
     *
     * @param ended whether the request has no body
     * @param declared its content-length; negative if there was none
     */
    Http2StreamInput(Http2Stream stream, boolean ended, long declared, int window) {
        this.stream = stream;
        this.state = ended ? State.ENDED : State.OPEN;
        this.window = window;
        declare(declared);
    }

    boolean isEnded() {
        return state == State.ENDED;
    }

    /** Whether the response is complete, and only the request is not. */
    boolean isResponded() {
        return responded;
    }

    // ------------------------------------------------------------------------------------------------ frames

    void checkOpen() throws Http2Failure {
        if (state == State.ENDED) {
            throw failure(Http2Error.STREAM_CLOSED, "a frame behind the end of its stream");
        }
    }

    /** A frame of DATA begins; {@code false} if what is in it is to be skipped. */
    boolean dataBegins(int flowControlled, int length, boolean endStream) throws Http2Failure {
        checkOpen();
        window -= flowControlled;
        if (window < 0 && flowControlled > 0) {
            throw failure(Http2Error.FLOW_CONTROL_ERROR, "more than the stream's window");
        }
        count(length);
        checkDeclared(endStream);
        checkSize();
        if (state == State.UNWANTED) {
            unwanted(length, flowControlled, endStream);
            return false;
        }
        credit += flowControlled - length;
        if (isDemanded()) {
            giveCredit(); // for padding, which nobody takes
        }
        return true;
    }

    private void checkDeclared(boolean complete) throws Http2Failure {
        if (isMisdeclared(complete)) {
            throw failure(Http2Error.PROTOCOL_ERROR, "a body of another length than content-length");
        }
    }

    private void checkSize() {
        long most = stream.context.config.limits().bodySize();
        if (state == State.OPEN && !stream.isWebSocket() && size() > most) {
            broken(new HttpFailure(413, "body of more than " + most + " octets"));
        }
    }

    private Http2Failure failure(Http2Error error, String message) {
        return Http2Failure.ofStream(stream.id(), error, message);
    }

    /** Data, exactly so many octets of what is given; {@code end} if they are the last. */
    void data(ByteBuf octets, int length, boolean end) {
        if (state != State.OPEN) {
            unwanted(length, length, end); // since the response was complete, or the body broken, within this frame
            return;
        }
        if (end) {
            state = State.ENDED;
            complete();
        }
        PaceTimer waits = gap;
        if (waits != null) {
            waits.came(length);
        }
        add(octets, length);
        deliver();
    }

    /** The body is complete, and these are its trailers. */
    void ended(Headers fields) throws Http2Failure {
        checkDeclared(true);
        if (state == State.OPEN) {
            state = State.ENDED;
            endWith(fields);
            complete();
            deliver();
        } else {
            unwantedEnded();
        }
    }

    /** The body is complete, but for its trailers, which can't be had. */
    void endedBroken(HttpFailure failure) {
        broken(failure);
        unwantedEnded();
    }

    /** The rest of the body can't be had. */
    void broken(HttpFailure failure) {
        if (state == State.OPEN && stream.hasExchange()) {
            state = State.UNWANTED;
            clearTimer();
            stream.bodyBroken(failure);
        }
    }

    // ------------------------------------------------------------------------------------------------ demand

    /** Asks for what waits, or for what comes next, which then has its time. */
    void demand() {
        ask();
        deliver();
        if (isDemanded() && state == State.OPEN && !stream.isClosed()) {
            giveCredit();
            if (!stream.isTunnel()) {
                gap().waits();
            }
        }
    }

    private PaceTimer gap() {
        PaceTimer known = gap;
        if (known == null) {
            ServerConfig config = stream.context.config;
            known = new PaceTimer(
                    timer(), config.timeouts().bodyGap(), config.limits().bodyRate());
            gap = known;
        }
        return known;
    }

    private LazyTimer timer() {
        LazyTimer known = timer;
        if (known == null) {
            known = new LazyTimer(stream.loop(), this::timedOut);
            timer = known;
        }
        return known;
    }

    private void timedOut() {
        if (responded) {
            stream.streams().reset(stream, Http2Error.NO_ERROR);
        } else {
            broken(new HttpFailure(408, "body stalled"));
        }
    }

    private void clearTimer() {
        LazyTimer known = timer;
        if (known != null) {
            known.clear();
        }
    }

    private void deliver() {
        if (!isDemanded() || stream.isClosed() || !hasInput()) {
            return;
        }
        clearTimer();
        credit += waitingSize();
        if (!isLast()) {
            giveCredit();
        }
        handOver(stream);
    }

    // ------------------------------------------------------------------------------------------------ what is unwanted

    /** The response is complete: nobody will ask for the rest, which has its time. */
    void responded() {
        responded = true;
        if (stream.isClosed()) {
            return;
        }
        if (state == State.ENDED) {
            stream.streams().remove(stream);
            return;
        }
        state = State.UNWANTED;
        credit += waitingSize();
        forget();
        timer().set(stream.context.config.timeouts().linger().toNanos());
        drain();
    }

    private void unwanted(int length, int flowControlled, boolean end) {
        unwanted += length;
        credit += flowControlled;
        if (end) {
            unwantedEnded();
        } else if (responded) {
            drain();
        }
    }

    private void unwantedEnded() {
        state = State.ENDED;
        if (responded) {
            stream.streams().remove(stream);
        }
    }

    /** Throws away what is left of a body, within bounds: most peers end soon, and that is cheaper for both than a reset. What comes is still checked. */
    private void drain() {
        if (unwanted > stream.context.config.limits().unreadBody()) {
            stream.streams().reset(stream, Http2Error.NO_ERROR);
        } else {
            giveCredit();
        }
    }

    // ------------------------------------------------------------------------------------------------ the window

    /** The peer may send as much as was taken, told in large steps. */
    private void giveCredit() {
        Http2Streams streams = stream.streams();
        if (credit >= streams.streamWindow() / 2) {
            window += credit;
            streams.output.windowUpdate(stream.id(), credit);
            credit = 0;
        }
    }

    /** The server has given all streams more room than before, or less. */
    void changeWindow(int change) {
        window += change;
    }

    /** Nothing more comes, and nothing that waits is asked for. */
    void close() {
        forget();
        LazyTimer known = timer;
        if (known != null) {
            known.close();
        }
    }
}
