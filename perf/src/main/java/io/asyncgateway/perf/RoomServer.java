package io.asyncgateway.perf;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.Applications;
import io.asyncgateway.server.RunningServer;
import io.asyncgateway.server.ServerConfig;
import io.asyncgateway.websocket.OverflowPolicy;
import io.asyncgateway.websocket.QueueOptions;
import io.asyncgateway.websocket.WebSocketService;
import io.asyncgateway.websocket.channel.ChannelLayer;
import io.asyncgateway.websocket.channel.ChannelLayerOptions;
import io.asyncgateway.websocket.room.Room;
import io.asyncgateway.websocket.room.RoomStatistics;
import io.asyncgateway.websocket.room.Rooms;
import java.util.Map;

/**
 * One room on our server: whatever a session sends, all hear. With every limit, timeout and bound at its default, but for the policy of a member's
 * queue.
 */
public final class RoomServer {
    /** What the server is asked for {@link Counts}. */
    static final String COUNTS = "counts";

    private RoomServer() {}

    /**
     * What the server counts.
     *
     * @param connections open connections
     * @param exchanges exchanges that run
     * @param rooms rooms in use
     * @param members members of the room
     * @param channels open channels of the layer
     * @param joins who came
     * @param leaves who went
     * @param dropped messages that a full queue dropped
     * @param disconnected members that a full queue has cost the session
     * @param leaks buffers that nobody has released, until the last collection of garbage; 0 where they are not watched
     */
    record Counts(
            int connections,
            int exchanges,
            int rooms,
            int members,
            int channels,
            long joins,
            long leaves,
            long dropped,
            long disconnected,
            int leaks) {
        /** Reads the answer of a server. */
        static Counts of(String answer) {
            String[] words = answer.split(" ", -1);
            return new Counts(
                    Integer.parseInt(words[0]),
                    Integer.parseInt(words[1]),
                    Integer.parseInt(words[2]),
                    Integer.parseInt(words[3]),
                    Integer.parseInt(words[4]),
                    Long.parseLong(words[5]),
                    Long.parseLong(words[6]),
                    Long.parseLong(words[7]),
                    Long.parseLong(words[8]),
                    Integer.parseInt(words[9]));
        }

        String line() {
            return String.join(
                    " ",
                    Integer.toString(connections),
                    Integer.toString(exchanges),
                    Integer.toString(rooms),
                    Integer.toString(members),
                    Integer.toString(channels),
                    Long.toString(joins),
                    Long.toString(leaves),
                    Long.toString(dropped),
                    Long.toString(disconnected),
                    Integer.toString(leaks));
        }
    }

    /**
     * Serves until standard input ends.
     *
     * @param args the port, the {@link OverflowPolicy}, and {@code leaks} where those are to be counted, which costs
     */
    public static void main(String[] args) {
        if (args.length > 2) {
            Leaks.watch();
        }
        ChannelLayer layer =
                ChannelLayer.inMemory(ChannelLayerOptions.defaults().withCapacity(10_000));
        Rooms rooms = Rooms.builder()
                .layer(layer)
                .queue(QueueOptions.defaults().withPolicy(OverflowPolicy.valueOf(args[1])))
                .build();
        ServerConfig config = ServerConfig.defaults().withAddress("127.0.0.1", Integer.parseInt(args[0]));
        MeasuredServer.run(
                application(rooms.room("lobby")),
                config,
                server -> Map.of(COUNTS, () -> counts(server, rooms, layer).line()));
    }

    private static Application application(Room lobby) {
        WebSocketService service = WebSocketService.of(session -> lobby.join(session)
                .flatMapMany(member -> session.messages().concatMap(lobby::broadcast, 1))
                .then());
        return Applications.builder().webSocket(service).build();
    }

    private static Counts counts(RunningServer server, Rooms rooms, ChannelLayer layer) {
        RoomStatistics statistics = rooms.statistics();
        return new Counts(
                server.connections(),
                server.exchanges(),
                rooms.size(),
                statistics.members(),
                layer.stats().channels(),
                statistics.joins(),
                statistics.leaves(),
                statistics.droppedOldest() + statistics.droppedNewest(),
                statistics.disconnected(),
                Leaks.found());
    }
}
