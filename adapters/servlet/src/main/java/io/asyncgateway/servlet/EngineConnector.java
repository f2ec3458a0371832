package io.asyncgateway.servlet;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.ContainerLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/** Where the engine takes its threads, timer and buffers from. It connects nothing: requests come from {@link Exchange}. */
final class EngineConnector extends ContainerLifeCycle implements Connector {
    private final Server server;

    EngineConnector(Server server) {
        this.server = server;
    }

    @Override
    public Server getServer() {
        return server;
    }

    @Override
    public Executor getExecutor() {
        return server.getThreadPool();
    }

    @Override
    public Scheduler getScheduler() {
        return server.getScheduler();
    }

    @Override
    public ByteBufferPool getByteBufferPool() {
        return server.getByteBufferPool();
    }

    @Override
    public @Nullable ConnectionFactory getConnectionFactory(String nextProtocol) {
        return null;
    }

    @Override
    public <T> @Nullable T getConnectionFactory(Class<T> factoryType) {
        return null;
    }

    @Override
    public @Nullable ConnectionFactory getDefaultConnectionFactory() {
        return null;
    }

    @Override
    public Collection<ConnectionFactory> getConnectionFactories() {
        return List.of();
    }

    @Override
    public List<String> getProtocols() {
        return List.of();
    }

    @Override
    public long getIdleTimeout() {
        return 0;
    }

    @Override
    public @Nullable Object getTransport() {
        return null;
    }

    @Override
    public Collection<EndPoint> getConnectedEndPoints() {
        return List.of();
    }

    @Override
    public String getName() {
        return "async-gateway";
    }

    @Override
    public CompletableFuture<Void> shutdown() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public boolean isShutdown() {
        return !isRunning();
    }
}
