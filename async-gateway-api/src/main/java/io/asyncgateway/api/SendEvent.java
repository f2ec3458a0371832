package io.asyncgateway.api;

/** An event that the application hands to the server through {@link Send}. */
public sealed interface SendEvent
        permits HttpEvent.EarlyHints,
                HttpEvent.ResponseStart,
                HttpEvent.ResponseBody,
                HttpEvent.ResponseFile,
                HttpEvent.ResponseTrailers,
                WebSocketEvent.Accept,
                WebSocketEvent.Send,
                WebSocketEvent.Close,
                LifespanEvent.StartupComplete,
                LifespanEvent.StartupFailed,
                LifespanEvent.ShutdownComplete,
                LifespanEvent.ShutdownFailed {}
