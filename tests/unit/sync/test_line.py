"""Sockets that another thread may cut."""

import socket

import pytest

from sync.line import Line


def test_a_socket_opened_while_the_line_was_being_closed_is_not_used() -> None:
    line = Line()
    line.close()
    ours, theirs = socket.socketpair()
    with theirs, pytest.raises(ConnectionAbortedError, match="closed"):
        line.opened(ours)
    assert ours.fileno() == -1


def test_a_deadline_cuts_what_is_open_and_leaves_the_line_usable() -> None:
    line = Line()
    ours, theirs = socket.socketpair()
    with ours, theirs:
        line.opened(ours)
        with line.within(0.01) as deadline:
            assert ours.recv(1) == b""
        assert deadline.passed
        assert not line.closed


def test_a_request_that_is_done_in_time_is_not_cut() -> None:
    line = Line()
    ours, theirs = socket.socketpair()
    with ours, theirs:
        line.opened(ours)
        with line.within(3600) as deadline:
            pass
        theirs.sendall(b"x")
        assert ours.recv(1) == b"x"
        assert not deadline.passed
