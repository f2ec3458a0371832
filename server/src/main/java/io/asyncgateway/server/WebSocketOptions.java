package io.asyncgateway.server;

import java.time.Duration;

/**
 * How WebSockets are served (RFC 6455, RFC 7692).
 *
 * @param maxMessageSize bytes of a received message after inflation; past it 1009. Default 16 MiB
 * @param maxFrameSize bytes of the payload of one received frame, as on the wire; past it 1009. Four times as much, but at least 1 MiB, is also read and thrown away when it is over, lest the peer miss why; past it the connection is reset. Default 16 MiB
 * @param pingInterval between the pings of the server; zero for none. Default 20 s
 * @param pingTimeout for the pong (or any other frame) after a ping; past it 1011 and close. Time in which the server itself does not read, because the application does not, is not counted. Default 20 s
 * @param pings pings of the peer in ten seconds; past it 1008. Default 1,000
 * @param closeTimeout for the answer to a close frame, then for the peer to close the connection. Default 10 s
 * @param compression whether permessage-deflate is agreed on where the client offers it. Default true
 * @param compressionLevel level of deflate, 1 (fast) to 9 (small). Default 6
 * @param compressionContexts connections that may keep their compression context between messages, at about 300 KiB each; further ones agree on no context takeover and share. Default 1,000
 * @param compressionThreshold bytes below which a message is sent uncompressed. Default 64
 * @param shutdownCode close code for open WebSockets at a shutdown: 1012 (service restart) or 1001 (going away). Default 1012
 */
public record WebSocketOptions(
        int maxMessageSize,
        int maxFrameSize,
        Duration pingInterval,
        Duration pingTimeout,
        int pings,
        Duration closeTimeout,
        boolean compression,
        int compressionLevel,
        int compressionContexts,
        int compressionThreshold,
        int shutdownCode) {
    private static final WebSocketOptions DEFAULTS = new WebSocketOptions(
            16 * 1024 * 1024,
            16 * 1024 * 1024,
            Duration.ofSeconds(20),
            Duration.ofSeconds(20),
            1_000,
            Duration.ofSeconds(10),
            true,
            6,
            1_000,
            64,
            1012);

    /** Validates each value. */
    public WebSocketOptions {
        Check.range("maxMessageSize", maxMessageSize, 1, Integer.MAX_VALUE - 8);
        Check.range("maxFrameSize", maxFrameSize, 125, Integer.MAX_VALUE - 8);
        Check.notNegative("pingInterval", pingInterval);
        Check.positive("pingTimeout", pingTimeout);
        Check.range("pings", pings, 1, Integer.MAX_VALUE);
        Check.positive("closeTimeout", closeTimeout);
        Check.range("compressionLevel", compressionLevel, 1, 9);
        Check.range("compressionContexts", compressionContexts, 0, Integer.MAX_VALUE);
        Check.range("compressionThreshold", compressionThreshold, 0, Integer.MAX_VALUE);
        if (shutdownCode != 1001 && shutdownCode != 1012) {
            throw new IllegalArgumentException("shutdownCode: " + shutdownCode + " (expected: 1001 or 1012)");
        }
    }

    /**
     * The defaults of the table above.
     *
     * @return a constant
     */
    public static WebSocketOptions defaults() {
        return DEFAULTS;
    }

    /**
     * The same with another {@link #maxMessageSize()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public WebSocketOptions withMaxMessageSize(int value) {
        return new WebSocketOptions(
                value,
                maxFrameSize,
                pingInterval,
                pingTimeout,
                pings,
                closeTimeout,
                compression,
                compressionLevel,
                compressionContexts,
                compressionThreshold,
                shutdownCode);
    }

    /**
     * The same with another {@link #maxFrameSize()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public WebSocketOptions withMaxFrameSize(int value) {
        return new WebSocketOptions(
                maxMessageSize,
                value,
                pingInterval,
                pingTimeout,
                pings,
                closeTimeout,
                compression,
                compressionLevel,
                compressionContexts,
                compressionThreshold,
                shutdownCode);
    }

    /**
     * The same with another {@link #pingInterval()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public WebSocketOptions withPingInterval(Duration value) {
        return new WebSocketOptions(
                maxMessageSize,
                maxFrameSize,
                value,
                pingTimeout,
                pings,
                closeTimeout,
                compression,
                compressionLevel,
                compressionContexts,
                compressionThreshold,
                shutdownCode);
    }

    /**
     * The same with another {@link #pingTimeout()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public WebSocketOptions withPingTimeout(Duration value) {
        return new WebSocketOptions(
                maxMessageSize,
                maxFrameSize,
                pingInterval,
                value,
                pings,
                closeTimeout,
                compression,
                compressionLevel,
                compressionContexts,
                compressionThreshold,
                shutdownCode);
    }

    /**
     * The same with another {@link #pings()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public WebSocketOptions withPings(int value) {
        return new WebSocketOptions(
                maxMessageSize,
                maxFrameSize,
                pingInterval,
                pingTimeout,
                value,
                closeTimeout,
                compression,
                compressionLevel,
                compressionContexts,
                compressionThreshold,
                shutdownCode);
    }

    /**
     * The same with another {@link #closeTimeout()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public WebSocketOptions withCloseTimeout(Duration value) {
        return new WebSocketOptions(
                maxMessageSize,
                maxFrameSize,
                pingInterval,
                pingTimeout,
                pings,
                value,
                compression,
                compressionLevel,
                compressionContexts,
                compressionThreshold,
                shutdownCode);
    }

    /**
     * The same with another {@link #compression()}.
     *
     * @param value the new value
     * @return a changed copy
     */
    public WebSocketOptions withCompression(boolean value) {
        return new WebSocketOptions(
                maxMessageSize,
                maxFrameSize,
                pingInterval,
                pingTimeout,
                pings,
                closeTimeout,
                value,
                compressionLevel,
                compressionContexts,
                compressionThreshold,
                shutdownCode);
    }

    /**
     * The same with another {@link #compressionLevel()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public WebSocketOptions withCompressionLevel(int value) {
        return new WebSocketOptions(
                maxMessageSize,
                maxFrameSize,
                pingInterval,
                pingTimeout,
                pings,
                closeTimeout,
                compression,
                value,
                compressionContexts,
                compressionThreshold,
                shutdownCode);
    }

    /**
     * The same with another {@link #compressionContexts()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public WebSocketOptions withCompressionContexts(int value) {
        return new WebSocketOptions(
                maxMessageSize,
                maxFrameSize,
                pingInterval,
                pingTimeout,
                pings,
                closeTimeout,
                compression,
                compressionLevel,
                value,
                compressionThreshold,
                shutdownCode);
    }

    /**
     * The same with another {@link #compressionThreshold()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public WebSocketOptions withCompressionThreshold(int value) {
        return new WebSocketOptions(
                maxMessageSize,
                maxFrameSize,
                pingInterval,
                pingTimeout,
                pings,
                closeTimeout,
                compression,
                compressionLevel,
                compressionContexts,
                value,
                shutdownCode);
    }

    /**
     * The same with another {@link #shutdownCode()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public WebSocketOptions withShutdownCode(int value) {
        return new WebSocketOptions(
                maxMessageSize,
                maxFrameSize,
                pingInterval,
                pingTimeout,
                pings,
                closeTimeout,
                compression,
                compressionLevel,
                compressionContexts,
                compressionThreshold,
                value);
    }
}
