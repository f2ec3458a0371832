package io.asyncgateway.api.testing;

import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.LifespanEvent;
import io.asyncgateway.api.SendEvent;
import io.asyncgateway.api.WebSocketEvent;

/** The events that are out of order in each state of a lifespan. */
@SuppressWarnings("ImmutableEnumChecker") // The events are as good as immutable: nobody keeps their buffers.
enum LifespanMistake {
    SHUTDOWN_COMPLETE_WHEN_STARTING(false, new LifespanEvent.ShutdownComplete()),
    SHUTDOWN_FAILED_WHEN_STARTING(false, new LifespanEvent.ShutdownFailed("mistake")),
    START_WHEN_STARTING(false, new HttpEvent.ResponseStart(200)),
    ACCEPT_WHEN_STARTING(false, new WebSocketEvent.Accept()),
    STARTUP_COMPLETE_WHEN_SERVING(true, new LifespanEvent.StartupComplete()),
    STARTUP_FAILED_WHEN_SERVING(true, new LifespanEvent.StartupFailed("mistake")),
    SHUTDOWN_COMPLETE_WHEN_SERVING(true, new LifespanEvent.ShutdownComplete()),
    BODY_WHEN_SERVING(true, Payloads.last("mistake")),
    MESSAGE_WHEN_SERVING(true, WebSocketEvent.Send.text("mistake"));

    /** Whether it comes after the start-up is complete. */
    final boolean serving;

    final SendEvent event;

    LifespanMistake(boolean serving, SendEvent event) {
        this.serving = serving;
        this.event = event;
    }
}
