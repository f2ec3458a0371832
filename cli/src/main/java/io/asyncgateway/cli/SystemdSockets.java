package io.asyncgateway.cli;

import io.asyncgateway.server.InheritedSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The sockets that systemd's socket activation hands to the process (sd_listen_fds): {@code LISTEN_FDS} of them, from descriptor 3 on, if {@code LISTEN_PID} is
 * this process.
 *
 * @param addresses what to listen on
 * @param warnings why there is nothing, where one could expect something
 */
record SystemdSockets(List<SocketAddress> addresses, List<String> warnings) {
    private static final String NUMBER = "LISTEN_FDS";
    private static final String PROCESS = "LISTEN_PID";
    private static final int FIRST = 3;
    private static final int MOST = 1000;

    static SystemdSockets of(Map<String, String> environment, long pid) {
        String number = environment.getOrDefault(NUMBER, "");
        String process = environment.getOrDefault(PROCESS, "");
        if (number.isEmpty() && process.isEmpty()) {
            return new SystemdSockets(List.of(), List.of());
        }
        if (!process.equals(Long.toString(pid))) {
            return ignored(PROCESS, process, "this process, " + pid);
        }
        if (!number.matches("[0-9]{1,4}") || Integer.parseInt(number) > MOST) {
            return ignored(NUMBER, number, "0-" + MOST);
        }
        List<SocketAddress> addresses = IntStream.range(FIRST, FIRST + Integer.parseInt(number))
                .<SocketAddress>mapToObj(InheritedSocketAddress::of)
                .toList();
        return new SystemdSockets(addresses, List.of());
    }

    private static SystemdSockets ignored(String name, String value, String expected) {
        return new SystemdSockets(
                List.of(),
                List.of(OneLine.of(name + ": " + (value.isEmpty() ? "empty" : value) + " (expected: " + expected
                        + "): the sockets of systemd are not listened on")));
    }
}
