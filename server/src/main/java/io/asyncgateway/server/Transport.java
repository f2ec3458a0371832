package io.asyncgateway.server;

/** An implementation of sockets. */
public enum Transport {
    /** Epoll on Linux where its native library is on the class path, NIO elsewhere. */
    AUTO,
    /** Linux epoll. The start fails where its native library is missing. */
    EPOLL,
    /** Linux io_uring. The start fails where its native library is missing or the kernel refuses it. */
    IO_URING,
    /** Java's own selector. */
    NIO
}
