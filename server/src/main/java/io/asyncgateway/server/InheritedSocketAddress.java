package io.asyncgateway.server;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A socket that the process was given by the one that started it and that listens already: by systemd's socket activation, or by a supervisor
 * that binds a privileged port or keeps the socket over restarts.
 *
 * <pre>{@code
 * ServerConfig.defaults().withAddresses(List.of(InheritedSocketAddress.of(3)))
 * }</pre>
 *
 * <p>TCP or a Unix domain socket, whichever it is. It takes Linux with {@link Transport#EPOLL} (or {@link Transport#AUTO}). The descriptor belongs to the server
 * from its start on and is closed when it stops listening, so it can be served once. The file of a Unix domain socket stays where it is: it is
 * that of whoever made it.
 *
 * <p>Immutable.
 */
public final class InheritedSocketAddress extends SocketAddress {
    private static final long serialVersionUID = 1L;

    private final int descriptor;

    private InheritedSocketAddress(int descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * The socket of a file descriptor.
     *
     * @param descriptor its number, 0 or more; systemd's first is 3
     * @return the address
     * @throws IllegalArgumentException if the number is negative
     */
    public static InheritedSocketAddress of(int descriptor) {
        Check.range("descriptor", descriptor, 0, Integer.MAX_VALUE);
        return new InheritedSocketAddress(descriptor);
    }

    /**
     * The number of the file descriptor.
     *
     * @return the number
     */
    public int descriptor() {
        return descriptor;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof InheritedSocketAddress address && descriptor == address.descriptor;
    }

    @Override
    public int hashCode() {
        return Integer.hashCode(descriptor);
    }

    /** As gunicorn writes it: {@code fd://3}. */
    @Override
    public String toString() {
        return "fd://" + descriptor;
    }
}
