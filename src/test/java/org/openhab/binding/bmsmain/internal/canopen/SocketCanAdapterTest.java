/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.internal.canopen;

import static org.junit.jupiter.api.Assertions.*;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.eclipse.jdt.annotation.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhab.binding.bmsmain.internal.canopen.SocketCanAdapter.LibC;
import org.openhab.binding.bmsmain.internal.transport.FailureCause;
import org.openhab.binding.bmsmain.internal.transport.LinkException;
import org.openhab.binding.bmsmain.internal.transport.Ticker;

import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;

/**
 * SocketCAN on systems that may lack it: kernel errors become causes, never exceptions of a library.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class SocketCanAdapterTest {

    /** The values of {@code errno} on Linux. */
    @ParameterizedTest
    @CsvSource({ "97, NO_CAN", "93, NO_CAN", "100, INTERFACE_DOWN", "19, PORT_MISSING", "1, NO_PERMISSION",
            "13, NO_PERMISSION", "5, CONNECTION_LOST" })
    void errorsOfTheKernelAreCauses(int errno, FailureCause cause) {
        assertEquals(cause, SocketCanAdapter.causeOf(errno));
    }

    /** A kernel without CAN fails at the first call; one with CAN has no interface of that name. */
    @Test
    void aMissingInterfaceOrKernelModuleIsACause() throws IOException {
        LinkException e = assertThrows(LinkException.class,
                () -> CanLine.socketCan("bmsnone0", false, Ticker.system()).open());
        assertTrue(e.isSessionLost());
        boolean linux = System.getProperty("os.name", "").startsWith("Linux");
        boolean can = linux && Files.readString(Path.of("/proc/net/protocols")).contains("CAN");
        assertEquals(can ? FailureCause.PORT_MISSING : FailureCause.NO_CAN, e.failure().cause());
        assertEquals(can ? "" : linux ? "AF_CAN" : "Linux", e.failure().detail());
    }

    @Test
    void closingTwiceIsNothing() throws LinkException {
        assumeTrue(System.getProperty("os.name", "").startsWith("Linux"));
        SocketCanAdapter adapter = new SocketCanAdapter("bmsnone0", false, Ticker.system());
        adapter.close();
        adapter.close();
        LinkException e = assertThrows(LinkException.class, () -> adapter.receive(new CanFrame(), 0));
        assertEquals(FailureCause.CONNECTION_LOST, e.failure().cause());
    }

    /** JNA may be missing in openHAB: its import is optional. */
    @Test
    void withoutJnaOnlySocketCanIsMissing() throws ReflectiveOperationException, IOException {
        URL classes = CanLine.class.getProtectionDomain().getCodeSource().getLocation();
        ClassLoader parent = CanLine.class.getClassLoader();
        try (URLClassLoader loader = new URLClassLoader(new URL[] { classes }, parent) {
            @Override
            protected Class<?> loadClass(@Nullable String name, boolean resolve) throws ClassNotFoundException {
                String wanted = String.valueOf(name);
                if (wanted.startsWith("com.sun.jna")) {
                    throw new ClassNotFoundException(wanted);
                }
                if (wanted.startsWith("org.openhab.binding.bmsmain.internal.canopen.")) {
                    Class<?> loaded = findLoadedClass(wanted);
                    return loaded != null ? loaded : findClass(wanted);
                }
                return super.loadClass(wanted, resolve);
            }
        }) {
            Class<?> line = loader.loadClass(CanLine.class.getName());
            Object socketCan = Objects
                    .requireNonNull(line.getMethod("socketCan", String.class, boolean.class, Ticker.class).invoke(line,
                            "can0", false, Ticker.system()));
            Exception e = assertThrows(ReflectiveOperationException.class,
                    () -> line.getMethod("open").invoke(socketCan));
            LinkException cause = assertInstanceOf(LinkException.class, e.getCause());
            assertEquals(FailureCause.NO_CAN, cause.failure().cause());
            assertEquals("JNA", cause.failure().detail());
        }
    }

    /** A kernel whose results the test sets: the next frame, or an error number. */
    private static final class Kernel implements LibC {
        private final Deque<Object> comes = new ArrayDeque<>();
        private int sendError;
        private int bindError;
        private int index = 3;
        private final List<Integer> closed = new CopyOnWriteArrayList<>();
        private Runnable whilePolling = () -> {
        };

        Kernel frame(int id, int... data) {
            ByteBuffer buffer = ByteBuffer.allocate(SocketCanAdapter.FRAME_SIZE).order(ByteOrder.nativeOrder());
            buffer.putInt(0, id);
            buffer.put(SocketCanAdapter.FRAME_LENGTH_AT, (byte) data.length);
            for (int i = 0; i < data.length; i++) {
                buffer.put(SocketCanAdapter.FRAME_DATA_AT + i, (byte) data[i]);
            }
            comes.add(buffer.array());
            return this;
        }

        Kernel error(int errno) {
            comes.add(errno);
            return this;
        }

        private static NativeLong fail(int errno) {
            Native.setLastError(errno);
            return new NativeLong(-1);
        }

        @Override
        public int socket(int family, int type, int protocol) {
            return 77;
        }

        @Override
        public int if_nametoindex(String name) {
            return index;
        }

        @Override
        public int bind(int socket, Pointer address, int length) {
            if (bindError != 0) {
                fail(bindError);
                return -1;
            }
            return 0;
        }

        @Override
        public int setsockopt(int socket, int level, int option, Pointer value, int length) {
            return 0;
        }

        @Override
        public int poll(Pointer descriptors, NativeLong count, int timeoutMillis) {
            whilePolling.run();
            return 0;
        }

        @Override
        public NativeLong recv(int socket, Pointer buffer, NativeLong length, int flags) {
            boolean peek = (flags & 2) != 0;
            Object next = peek ? comes.peek() : comes.poll();
            if (next instanceof byte[] frame) {
                buffer.write(0, frame, 0, frame.length);
                return new NativeLong(frame.length);
            }
            return fail(next instanceof Integer errno ? errno : 11);
        }

        @Override
        public NativeLong send(int socket, Pointer buffer, NativeLong length, int flags) {
            return sendError == 0 ? length : fail(sendError);
        }

        @Override
        public int close(int socket) {
            closed.add(socket);
            return 0;
        }
    }

    private static SocketCanAdapter opened(Kernel kernel) throws LinkException {
        assumeTrue(System.getProperty("os.name", "").startsWith("Linux"));
        SocketCanAdapter adapter = new SocketCanAdapter("can0", false, new TestTicker(), kernel);
        adapter.open();
        return adapter;
    }

    /** On a 32-bit machine, a Java long occupies two arguments. */
    @Test
    void noArgumentIsWiderThanTheMachine() {
        for (Method function : LibC.class.getMethods()) {
            assertFalse(function.getReturnType() == long.class, function.toString());
            assertFalse(List.of(function.getParameterTypes()).contains(long.class), function.toString());
        }
    }

    @ParameterizedTest
    @CsvSource({ "100, INTERFACE_DOWN", "19, PORT_MISSING", "5, CONNECTION_LOST" })
    void anInterfaceThatGoesWhileItIsUsed(int errno, FailureCause cause) throws LinkException {
        Kernel kernel = new Kernel().frame(0x1A0, 1, 2);
        SocketCanAdapter adapter = opened(kernel);
        kernel.error(errno);
        assertTrue(adapter.receive(new CanFrame(), 0));
        LinkException e = assertThrows(LinkException.class, () -> adapter.receive(new CanFrame(), Long.MAX_VALUE / 8));
        assertEquals(cause, e.failure().cause());
        assertTrue(e.isSessionLost());
        adapter.close();
        assertEquals(List.of(77), kernel.closed);
    }

    @Test
    void anInterfaceThatIsDownIsNotOpened() {
        Kernel kernel = new Kernel().error(100);
        LinkException e = assertThrows(LinkException.class, () -> opened(kernel));
        assertEquals(FailureCause.INTERFACE_DOWN, e.failure().cause());
        assertEquals(List.of(77), kernel.closed);
    }

    /** Such as lo: it exists, but the kernel reports that it is not a CAN device. */
    @Test
    void anInterfaceThatIsNoneForCan() {
        Kernel kernel = new Kernel();
        kernel.bindError = 19;
        LinkException e = assertThrows(LinkException.class, () -> opened(kernel));
        assertEquals(FailureCause.NOT_CAN, e.failure().cause());
        assertEquals(List.of(77), kernel.closed);
        kernel.index = 0;
        e = assertThrows(LinkException.class, () -> opened(kernel));
        assertEquals(FailureCause.PORT_MISSING, e.failure().cause());
    }

    /**
     * Another thread closes the adapter to end a wait. The file descriptor must not be reused before the wait has
     * ended, and must not be closed twice.
     */
    @Test
    void whoWaitsIsNotRobbedOfTheSocket() throws LinkException, InterruptedException {
        Kernel kernel = new Kernel();
        SocketCanAdapter adapter = opened(kernel);
        CountDownLatch waiting = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        List<Integer> closedMeanwhile = new CopyOnWriteArrayList<>();
        kernel.whilePolling = () -> {
            waiting.countDown();
            try {
                closed.await(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            closedMeanwhile.addAll(kernel.closed);
        };
        AtomicReference<@Nullable FailureCause> ended = new AtomicReference<>();
        Thread reader = new Thread(() -> {
            try {
                adapter.receive(new CanFrame(), Long.MAX_VALUE / 8);
            } catch (LinkException e) {
                ended.set(e.failure().cause());
            }
        });
        reader.start();
        assertTrue(waiting.await(10, TimeUnit.SECONDS));
        adapter.close();
        adapter.close();
        closed.countDown();
        reader.join(10_000);
        assertEquals(FailureCause.CONNECTION_LOST, ended.get());
        assertEquals(List.of(), closedMeanwhile);
        assertEquals(List.of(77), kernel.closed);
    }

    /** Two threads close at the same time, many times. */
    @Test
    void aSocketIsClosedOnce() throws LinkException, InterruptedException {
        Kernel kernel = new Kernel();
        for (int i = 1; i <= 500; i++) {
            SocketCanAdapter adapter = opened(kernel);
            Thread other = new Thread(adapter::close);
            other.start();
            adapter.close();
            other.join();
            assertEquals(i, kernel.closed.size());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = { 105, 11, 4 })
    void aControllerThatIsBusyIsNoLoss(int errno) throws LinkException {
        Kernel kernel = new Kernel();
        SocketCanAdapter adapter = opened(kernel);
        kernel.sendError = errno;
        adapter.send(CanFrame.of(0x080));
        assertEquals(1, adapter.statistics().framesRefused());
        kernel.sendError = 100;
        LinkException e = assertThrows(LinkException.class, () -> adapter.send(CanFrame.of(0x080)));
        assertEquals(FailureCause.INTERFACE_DOWN, e.failure().cause());
    }

    private static int[] controller(int flags) {
        return new int[] { 0, flags, 0, 0, 0, 0, 0, 0 };
    }

    @Test
    void errorFramesTellOfTheController() throws LinkException {
        Kernel kernel = new Kernel();
        SocketCanAdapter adapter = opened(kernel);
        CanFrame frame = new CanFrame();
        kernel.frame(SocketCanAdapter.ERROR_FLAG | SocketCanAdapter.ERROR_CONTROLLER, controller(0x08));
        assertFalse(adapter.receive(frame, 0));
        assertEquals(CanAdapter.State.WARNING, adapter.state());
        kernel.frame(SocketCanAdapter.ERROR_FLAG | SocketCanAdapter.ERROR_CONTROLLER, controller(0x20));
        assertFalse(adapter.receive(frame, 0));
        assertEquals(CanAdapter.State.PASSIVE, adapter.state());
        // The byte is valid only if the frame contains controller information.
        kernel.frame(SocketCanAdapter.ERROR_FLAG | SocketCanAdapter.ERROR_NO_ACKNOWLEDGE, controller(0x40));
        assertFalse(adapter.receive(frame, 0));
        assertEquals(CanAdapter.State.PASSIVE, adapter.state());
        assertEquals(1, adapter.statistics().framesUnacknowledged());
        assertEquals(0, adapter.statistics().busErrors());
        kernel.frame(SocketCanAdapter.ERROR_FLAG | SocketCanAdapter.ERROR_PROTOCOL, controller(0));
        kernel.frame(SocketCanAdapter.ERROR_FLAG | SocketCanAdapter.ERROR_BUS_OFF, controller(0));
        assertFalse(adapter.receive(frame, 0));
        assertFalse(adapter.receive(frame, 0));
        assertEquals(1, adapter.statistics().busErrors());
        assertEquals(CanAdapter.State.BUS_OFF, adapter.state());
        kernel.frame(SocketCanAdapter.ERROR_FLAG | SocketCanAdapter.ERROR_RESTARTED, controller(0));
        assertFalse(adapter.receive(frame, 0));
        assertEquals(CanAdapter.State.ACTIVE, adapter.state());
    }

    /** Error frames get lost like all others when the queue of the socket is full. */
    @Test
    void aControllerThatHearsFramesIsOnTheBus() throws LinkException {
        Kernel kernel = new Kernel();
        SocketCanAdapter adapter = opened(kernel);
        kernel.frame(SocketCanAdapter.ERROR_FLAG | SocketCanAdapter.ERROR_BUS_OFF, controller(0)).frame(0x1A0, 1, 2);
        assertFalse(adapter.receive(new CanFrame(), 0));
        assertEquals(CanAdapter.State.BUS_OFF, adapter.state());
        assertTrue(adapter.receive(new CanFrame(), 0));
        assertEquals(CanAdapter.State.ACTIVE, adapter.state());
    }
}
