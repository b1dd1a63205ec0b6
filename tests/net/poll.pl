#!/usr/bin/perl
# SPDX-License-Identifier: ISC
#
# poll.pl SOCKET - asks a daemon who leads, all the time, and does not wait for an answer before it asks again.
#
# A daemon that was stopped so finds questions of every age when it wakes up, the last of them asked just before. For each
# answer one line on standard output: ASKED ANSWERED WHO EPOCH. The times are CLOCK_MONOTONIC in ns, before the question is sent
# and after the answer is read; WHO leads is "self", "other" or "nobody".
use strict;
use warnings;
use IO::Select;
use IO::Socket::UNIX;
use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC);

my $path = shift // die "usage: poll.pl SOCKET\n";
my $least_s = 0.005;    # between two questions
my $growth = 0.15;      # the longer an answer is awaited, the rarer the next question: by this share of the time
my $waiting_max = 50;   # the daemon lets 64 connections wait

my %asked;
my $waiting = IO::Select->new;
my $ask_at = 0;
$| = 1;

sub now {
    return clock_gettime(CLOCK_MONOTONIC);
}

sub ask {
    my $socket = IO::Socket::UNIX->new(Peer => $path, Blocking => 0) or return;
    my $at = now();
    syswrite($socket, qq({"command":"leader"}\n)) or return;
    $asked{$socket} = $at;
    $waiting->add($socket);
}

# An answer is shorter than the socket's buffer, so it comes in one piece; the end of a killed daemon is none.
sub hear {
    my ($socket) = @_;
    my $at = delete $asked{$socket};
    $waiting->remove($socket);
    return unless sysread($socket, my $answer, 65536);
    my $who = $answer =~ /"leader":\{.*"self":true/ ? "self" : $answer =~ /"leader":\{/ ? "other" : "nobody";
    my ($epoch) = $answer =~ /"epoch":(\d+)/ or die "no answer: $answer";
    printf "%.0f %.0f %s %d\n", 1e9 * $at, 1e9 * now(), $who, $epoch;
}

while (1) {
    hear($_) for $waiting->can_read($ask_at > now() ? $ask_at - now() : 0);
    next if now() < $ask_at;
    ask() if $waiting->count < $waiting_max;
    my ($oldest) = sort { $a <=> $b } values %asked;
    my $patience_s = $growth * (now() - ($oldest // now()));
    $ask_at = now() + ($patience_s > $least_s ? $patience_s : $least_s);
}
