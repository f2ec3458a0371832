package io.asyncgateway.api.testing;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.LifespanEvent;
import io.asyncgateway.api.SendEvent;
import io.asyncgateway.api.WebSocketEvent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The events that are out of order in each state of a WebSocket: what the table of {@link WebSocketEvent} leaves out. */
@SuppressWarnings("ImmutableEnumChecker") // The events are as good as immutable: nobody keeps their buffers.
enum WebSocketMistake {
    MESSAGE_WHEN_CONNECTING(State.CONNECTING, Events.MESSAGE),
    BODY_WHEN_CONNECTING(State.CONNECTING, Payloads.last("mistake")),
    FILE_WHEN_CONNECTING(State.CONNECTING, HttpEvent.ResponseFile.last(Path.of("mistake"))),
    TRAILERS_WHEN_CONNECTING(State.CONNECTING, new HttpEvent.ResponseTrailers(Headers.empty())),
    STARTUP_COMPLETE_WHEN_CONNECTING(State.CONNECTING, new LifespanEvent.StartupComplete()),
    UNOFFERED_SUBPROTOCOL(State.CONNECTING, new WebSocketEvent.Accept().withSubprotocol("unoffered")),

    ACCEPT_WHEN_OPEN(State.OPEN, new WebSocketEvent.Accept()),
    HINTS_WHEN_OPEN(State.OPEN, new HttpEvent.EarlyHints(Headers.empty())),
    START_WHEN_OPEN(State.OPEN, Events.START),
    BODY_WHEN_OPEN(State.OPEN, Payloads.last("mistake")),
    TRAILERS_WHEN_OPEN(State.OPEN, new HttpEvent.ResponseTrailers(Headers.empty())),
    SHUTDOWN_COMPLETE_WHEN_OPEN(State.OPEN, new LifespanEvent.ShutdownComplete()),

    ACCEPT_WHEN_CLOSED(State.CLOSED, new WebSocketEvent.Accept()),
    MESSAGE_WHEN_CLOSED(State.CLOSED, Events.MESSAGE),
    CLOSE_WHEN_CLOSED(State.CLOSED, new WebSocketEvent.Close(4001, "mistake")),
    START_WHEN_CLOSED(State.CLOSED, Events.START),

    ACCEPT_WHEN_DENIED(State.DENIED, new WebSocketEvent.Accept()),
    MESSAGE_WHEN_DENIED(State.DENIED, Events.MESSAGE),
    CLOSE_WHEN_DENIED(State.DENIED, new WebSocketEvent.Close()),
    START_WHEN_DENIED(State.DENIED, Events.START);

    private final State state;
    private final SendEvent event;

    WebSocketMistake(State state, SendEvent event) {
        this.state = state;
        this.event = event;
    }

    /** Whether the script ends in a denial; otherwise in a WebSocket with one message, "ab", and a close with 4000. */
    boolean isDenied() {
        return state == State.DENIED;
    }

    /** The place of the mistake among {@link #events()}. */
    int index() {
        return state.before.size();
    }

    List<SendEvent> events() {
        List<SendEvent> events = new ArrayList<>(state.before);
        events.add(event);
        events.addAll(state.after);
        return events;
    }

    private enum State {
        CONNECTING(List.of(), List.of(new WebSocketEvent.Accept(), Events.AB, Events.CLOSE)),
        OPEN(List.of(new WebSocketEvent.Accept()), List.of(Events.AB, Events.CLOSE)),
        CLOSED(List.of(new WebSocketEvent.Accept(), Events.AB, Events.CLOSE), List.of()),
        DENIED(List.of(new HttpEvent.ResponseStart(403)), List.of(Payloads.last("denied")));

        private final List<SendEvent> before;
        private final List<SendEvent> after;

        State(List<SendEvent> before, List<SendEvent> after) {
            this.before = before;
            this.after = after;
        }
    }

    private static final class Events {
        static final SendEvent AB = WebSocketEvent.Send.text("ab");
        static final SendEvent CLOSE = new WebSocketEvent.Close(4000, "done");
        static final SendEvent MESSAGE = WebSocketEvent.Send.text("mistake");
        static final SendEvent START = HttpEvent.ResponseStart.of(410, "x-mistake", "start");
    }
}
