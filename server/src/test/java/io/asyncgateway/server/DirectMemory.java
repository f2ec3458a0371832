package io.asyncgateway.server;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;

/** The memory outside of the heap that servers and clients of this process have for their buffers. */
final class DirectMemory {
    /** Octets that a server grows by only if it keeps what it gets: the allocator takes a few megabytes at once. */
    static final long MUCH = 64 << 20;

    private DirectMemory() {}

    static long used() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
    }
}
