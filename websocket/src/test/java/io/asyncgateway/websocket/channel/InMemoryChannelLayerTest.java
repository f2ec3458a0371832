package io.asyncgateway.websocket.channel;

/** The layer in memory keeps the contract of channel layers. */
class InMemoryChannelLayerTest extends ChannelLayerContract {
    @Override
    protected ChannelLayer create(ChannelLayerOptions options) {
        return ChannelLayer.inMemory(options);
    }
}
