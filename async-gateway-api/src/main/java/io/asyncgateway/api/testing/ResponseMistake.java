package io.asyncgateway.api.testing;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.LifespanEvent;
import io.asyncgateway.api.SendEvent;
import io.asyncgateway.api.WebSocketEvent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The events that are out of order in each state of a response: what the table of {@link HttpEvent} leaves out. */
@SuppressWarnings("ImmutableEnumChecker") // The events are as good as immutable: nobody keeps their buffers.
enum ResponseMistake {
    BODY_WHEN_IDLE(State.IDLE, Payloads.last("mistake")),
    FILE_WHEN_IDLE(State.IDLE, Events.FILE),
    TRAILERS_WHEN_IDLE(State.IDLE, Events.TRAILERS),
    ACCEPT_WHEN_IDLE(State.IDLE, new WebSocketEvent.Accept()),
    MESSAGE_WHEN_IDLE(State.IDLE, Events.MESSAGE),
    CLOSE_WHEN_IDLE(State.IDLE, new WebSocketEvent.Close()),
    STARTUP_COMPLETE_WHEN_IDLE(State.IDLE, new LifespanEvent.StartupComplete()),

    HINTS_WHEN_STARTED(State.STARTED, Events.HINTS),
    START_WHEN_STARTED(State.STARTED, Events.START),
    ACCEPT_WHEN_STARTED(State.STARTED, new WebSocketEvent.Accept()),
    MESSAGE_WHEN_STARTED(State.STARTED, Events.MESSAGE),
    CLOSE_WHEN_STARTED(State.STARTED, new WebSocketEvent.Close()),
    STARTUP_FAILED_WHEN_STARTED(State.STARTED, new LifespanEvent.StartupFailed("mistake")),

    HINTS_WHEN_STREAMING(State.STREAMING, Events.HINTS),
    START_WHEN_STREAMING(State.STREAMING, Events.START),
    ACCEPT_WHEN_STREAMING(State.STREAMING, new WebSocketEvent.Accept()),
    MESSAGE_WHEN_STREAMING(State.STREAMING, Events.MESSAGE),
    CLOSE_WHEN_STREAMING(State.STREAMING, new WebSocketEvent.Close()),
    SHUTDOWN_COMPLETE_WHEN_STREAMING(State.STREAMING, new LifespanEvent.ShutdownComplete()),

    HINTS_WHEN_COMPLETE(State.COMPLETE, Events.HINTS),
    START_WHEN_COMPLETE(State.COMPLETE, Events.START),
    BODY_WHEN_COMPLETE(State.COMPLETE, Payloads.last("mistake")),
    EMPTY_BODY_WHEN_COMPLETE(State.COMPLETE, HttpEvent.ResponseBody.last()),
    FILE_WHEN_COMPLETE(State.COMPLETE, Events.FILE),
    TRAILERS_WHEN_COMPLETE(State.COMPLETE, Events.TRAILERS),
    MESSAGE_WHEN_COMPLETE(State.COMPLETE, Events.MESSAGE);

    private final State state;
    private final SendEvent event;

    ResponseMistake(State state, SendEvent event) {
        this.state = state;
        this.event = event;
    }

    /** The place of the mistake among {@link #events()}. */
    int index() {
        return state.before.size();
    }

    /** What leads to the state, the mistake, and what completes the response "ab". */
    List<SendEvent> events() {
        List<SendEvent> events = new ArrayList<>(state.before);
        events.add(event);
        events.addAll(state.after);
        return events;
    }

    private enum State {
        IDLE(List.of(), List.of(Payloads.ok(), Payloads.last("ab"))),
        STARTED(List.of(Payloads.ok()), List.of(Payloads.last("ab"))),
        STREAMING(List.of(Payloads.ok(), Payloads.more("a")), List.of(Payloads.last("b"))),
        COMPLETE(List.of(Payloads.ok(), Payloads.last("ab")), List.of());

        private final List<SendEvent> before;
        private final List<SendEvent> after;

        State(List<SendEvent> before, List<SendEvent> after) {
            this.before = before;
            this.after = after;
        }
    }

    private static final class Events {
        static final SendEvent START = HttpEvent.ResponseStart.of(410, "x-mistake", "start");
        static final SendEvent HINTS = new HttpEvent.EarlyHints(Headers.of("x-mistake", "hints"));
        static final SendEvent TRAILERS = new HttpEvent.ResponseTrailers(Headers.of("x-mistake", "trailers"));
        static final SendEvent FILE = HttpEvent.ResponseFile.last(Path.of("mistake"));
        static final SendEvent MESSAGE = WebSocketEvent.Send.text("mistake");
    }
}
