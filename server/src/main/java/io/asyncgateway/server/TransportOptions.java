package io.asyncgateway.server;

/**
 * How sockets are served.
 *
 * @param transport the implementation of sockets. Default {@link Transport#AUTO}
 * @param eventLoops threads that serve connections; 0 for one per processor. Default 0
 * @param backlog connections that the kernel keeps before they are accepted. Default 2048
 * @param reusePort whether other processes may listen on the same port (SO_REUSEPORT; native transports alone). Default false
 * @param unixSockets the files of Unix domain sockets
 */
public record TransportOptions(
        Transport transport, int eventLoops, int backlog, boolean reusePort, UnixSocketOptions unixSockets) {
    private static final TransportOptions DEFAULTS =
            new TransportOptions(Transport.AUTO, 0, 2048, false, UnixSocketOptions.defaults());

    /** Validates each value. */
    public TransportOptions {
        Check.range("eventLoops", eventLoops, 0, 1024);
        Check.range("backlog", backlog, 1, 65535);
    }

    /**
     * The defaults of the table above.
     *
     * @return a constant
     */
    public static TransportOptions defaults() {
        return DEFAULTS;
    }

    /**
     * The same with another {@link #transport()}.
     *
     * @param value the new value
     * @return a changed copy
     */
    public TransportOptions withTransport(Transport value) {
        return new TransportOptions(value, eventLoops, backlog, reusePort, unixSockets);
    }

    /**
     * The same with another {@link #eventLoops()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public TransportOptions withEventLoops(int value) {
        return new TransportOptions(transport, value, backlog, reusePort, unixSockets);
    }

    /**
     * The same with another {@link #backlog()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public TransportOptions withBacklog(int value) {
        return new TransportOptions(transport, eventLoops, value, reusePort, unixSockets);
    }

    /**
     * The same with another {@link #reusePort()}.
     *
     * @param value the new value
     * @return a changed copy
     */
    public TransportOptions withReusePort(boolean value) {
        return new TransportOptions(transport, eventLoops, backlog, value, unixSockets);
    }

    /**
     * The same with other {@link #unixSockets()}.
     *
     * @param value the new value
     * @return a changed copy
     */
    public TransportOptions withUnixSockets(UnixSocketOptions value) {
        return new TransportOptions(transport, eventLoops, backlog, reusePort, value);
    }
}
