package io.asyncgateway.api;

/** An event that the server hands to the application through {@link Receive}. */
public sealed interface ReceiveEvent
        permits HttpEvent.Request,
                HttpEvent.Disconnect,
                WebSocketEvent.Connect,
                WebSocketEvent.Receive,
                WebSocketEvent.Disconnect,
                LifespanEvent.Startup,
                LifespanEvent.Shutdown {}
