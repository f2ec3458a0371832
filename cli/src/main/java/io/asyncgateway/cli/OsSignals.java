package io.asyncgateway.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.slf4j.LoggerFactory;

/**
 * The signals of the operating system, by {@code sun.misc.Signal}: the JVM has nothing else for it, and its own handling of SIGTERM ends
 * with exit code 143 after hooks whose order nobody knows. By reflection, because the compiler warns of each use and has no way to
 * accept one.
 */
final class OsSignals implements Signals {
    @Override
    public void onStop(Handler handler) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> callback = Class.forName("sun.misc.SignalHandler");
            for (StopSignal each : StopSignal.values()) {
                Object proxy = Proxy.newProxyInstance(
                        OsSignals.class.getClassLoader(),
                        new Class<?>[] {callback},
                        (self, method, arguments) -> switch (method.getName()) {
                            case "handle" -> {
                                handler.received(each);
                                yield null;
                            }
                            case "hashCode" -> System.identityHashCode(self);
                            case "equals" -> self == arguments[0];
                            default -> "handler of " + each;
                        });
                Object instance = signal.getConstructor(String.class).newInstance(each.name());
                signal.getMethod("handle", signal, callback).invoke(null, instance, proxy);
            }
        } catch (InvocationTargetException e) {
            // The JVM was told to leave signals alone (-Xrs), or uses this one itself.
            warn(String.valueOf(e.getCause()));
        } catch (ReflectiveOperationException e) {
            warn(e.toString());
        }
    }

    private static void warn(String cause) {
        LoggerFactory.getLogger(OsSignals.class)
                .warn("Signals can't be handled, so they end the process at once: {}", cause);
    }
}
