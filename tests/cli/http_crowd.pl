#!/usr/bin/env perl
# SPDX-License-Identifier: ISC
#
# http_crowd.pl PORT WATCHERS COMMAND... - a crowd of clients of 127.0.0.1:PORT, good ones and bad ones, all at once.
#
# WATCHERS follow the events. Meanwhile others read nothing, send a byte at a time, nonsense or far too much, ask hundreds of
# times at once, close halfway, or come and go as fast as they can. Then COMMAND, which has to change something, is run: every
# watcher must get that event and no other.
use strict;
use warnings;
use IO::Socket::INET;
use Socket qw(SO_LINGER SO_RCVBUF SOL_SOCKET);

my ($port, $count, @command) = @ARGV;
my $get = "HTTP/1.1\r\nHost: a\r\n\r\n";

# Each kind comes from an address of its own, so that it has places of its own.
sub client {
    my ($host) = @_;
    return IO::Socket::INET->new(PeerAddr => "127.0.0.1:$port", LocalAddr => "127.0.0.$host")
        || die "no connection from 127.0.0.$host: $!\n";
}

sub clients {
    my ($host, $number) = @_;
    return map { client($host) } 1 .. $number;
}

# What may fail: the other side can have closed.
sub try_to_say {
    my ($client, $bytes) = @_;
    return defined(send($client, $bytes, 0x4000)); # MSG_NOSIGNAL
}

# Reads on until the pattern is there, or to the end; gives what was read.
sub hear {
    my ($client, $pattern) = @_;
    my $heard = '';
    until (defined($pattern) && $heard =~ $pattern) {
        my $got = sysread($client, $heard, 65536, length($heard));
        last unless $got;
    }
    return $heard;
}

sub reset_it {
    my ($client) = @_;
    setsockopt($client, SOL_SOCKET, SO_LINGER, pack('ii', 1, 0));
    close($client);
}

alarm(120);
srand(1);

my @watchers = clients(1, $count);
try_to_say($_, "GET /events $get") for @watchers;
for (@watchers) {
    die "a watcher got no snapshot\n" unless hear($_, qr/^event: snapshot\n.*\n\n/ms) =~ /^HTTP\/1.1 200 /;
}
print "$count watchers\n";

# These are left open to the end.
my @stuck = clients(2, 20);
setsockopt($_, SOL_SOCKET, SO_RCVBUF, 4096) for @stuck;
for my $i (0 .. $#stuck) {
    try_to_say($stuck[$i], $i % 2 ? "GET /events $get" : "GET /status $get" x 20);
}
my @slow = clients(3, 50);
my @silent = clients(4, 50);
print "slow ones\n";

for my $letter (split //, "GET /leader HTTP/1.1\r\nX: " . 'x' x 20) {
    try_to_say($_, $letter) for @slow;
}

for my $client (clients(5, 50)) {
    try_to_say($client, join('', map { chr(int(rand(256))) } 1 .. 3000) . "\n\n");
    my $heard = hear($client);
    die "nonsense was answered with: $heard\n" unless $heard =~ /^HTTP\/1.1 400 /;
}
for my $client (clients(5, 20)) {
    try_to_say($client, "GET /leader HTTP/1.1\r\nX: " . 'x' x 10000);
    my $heard = hear($client);
    die "too much was answered with: $heard\n" unless $heard =~ /^HTTP\/1.1 431 /;
}
print "nonsense\n";

for my $client (clients(6, 10)) {
    try_to_say($client, "GET /follower $get" x 150);
    shutdown($client, 1);
    my $answers = () = hear($client) =~ /^HTTP\/1.1 503 /mg;
    die "$answers answers to 150 requests\n" unless $answers == 150;
}
print "eager ones\n";

for my $i (1 .. 1500) {
    my $client = client(7);
    try_to_say($client, ("GET /status $get", "GET /events $get", "GET", '')[$i % 4]);
    $i % 3 ? reset_it($client) : close($client);
}
my @flood = clients(8, 400); # more than there are places
reset_it($_) for @flood;
print "a flood\n";

system(@command) == 0 or die "@command failed\n";
for (@watchers) {
    my $heard = hear($_, qr/^event: .*\n\n/ms);
    die "a watcher got: $heard\n" unless $heard =~ /^event: tags\n/m && $heard !~ /snapshot|dropped/;
}
print "all of them have heard it\n";
