package io.asyncgateway.server;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Permits the one lock of Netty's buffer allocator that Netty's own integration forgets: when event loops meet at one group of magazines, the
 * allocator adds magazines, a few times in the life of a process, and gives back the old ones' chunks under a lock that is held for an exchange of
 * references.
 */
public final class AllocatorIntegration implements BlockHoundIntegration {
    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.allowBlockingCallsInside(
                "io.netty.buffer.AdaptivePoolingAllocator$MagazineGroup", "tryExpandMagazines");
    }
}
