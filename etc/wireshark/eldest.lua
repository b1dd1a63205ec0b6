-- SPDX-License-Identifier: ISC
--
-- eldest.lua - shows in Wireshark and tshark (4.0 or newer) what the nodes of an eldest cluster say to each other.
--
--     wireshark -X lua_script:/usr/share/eldest/wireshark/eldest.lua
--
-- or for good, with a link to this file in ~/.local/lib/wireshark/plugins. The datagrams are those of
-- eldest-protocol(7); a filter is called as the field there, with "eldest." before and "_" for blanks:
-- eldest.table_version. What a field consists of follows after a dot: eldest.leader.epoch, eldest.key.birth. Besides
-- there are, in brackets,
--
--     eldest.X.name            the name of the node whose id field X has, as soon as the capture has told it
--     eldest.receiver          the node to which a unicast goes: its boot nonce tells
--     eldest.copy_of           the frame with the same datagram, seen in the other family or on another interface
--     eldest.response_to, eldest.response_in, eldest.response_time      question, answer, and the time between
--     eldest.refused           why a node does not accept the datagram, in the words of "eldest counters"
--
-- From the top: values as texts; the datagram and its reader; kinds of fields; the TLVs and the messages, which are
-- tables; the header; what is remembered from one datagram for the next; what is shown of a datagram as a whole. In
-- C it is src/wire, by which the tests judge all this.

local eldest = Proto("eldest", "Eldest leader election")

local MAGIC, MAJOR = "ELDT", 1
local LENGTH_MAX, PAGE_LENGTH_MIN, MAC_SIZE = 1200, 400, 16
local MEMBERS_MAX, RECORDS_MAX, SUCCESSORS_MAX, SEATS_MAX = 2 ^ 20, 12, 16, 9
local CLUSTER_MAX, NAME_MAX, TAGS_MAX = 32, 63, 256
local UNICAST, SEALED = 1, 2

-- ----------------------------------------------------------------------------------------------------- values as texts

local function hex(range)
    return range:bytes():tohex(true)
end

local function is_zero(digits)
    return not digits:find("[^0]")
end

local function has_bit(number, bit)
    return math.floor(number / bit) % 2 == 1
end

-- A number of 64 bits by its halves, as not every Lua has integers of that size. It is exact up to 2^53, which is as
-- much as the protocol allows. The second result: whether it is below that; the third: whether it is not above.
local function join(high, low)
    return high * 2 ^ 32 + low, high < 2 ^ 21, high < 2 ^ 21 or high == 2 ^ 21 and low == 0
end

local function unsigned(range)
    return join(range(0, 4):uint(), range(4, 4):uint())
end

-- Its size, whether that is not above 2^53, and its sign.
local function signed(range)
    local high, low, sign = range(0, 4):uint(), range(4, 4):uint(), 1
    if high >= 2 ^ 31 then -- two's complement
        high, low, sign = 2 ^ 32 - high - (low > 0 and 1 or 0), low > 0 and 2 ^ 32 - low or 0, -1
    end
    local size, _, fine = join(high, low)
    return size, fine, sign
end

local function time_of(us, sign)
    local seconds = math.floor(us / 1000000)
    return NSTime.new(sign * seconds, sign * (us - seconds * 1000000) * 1000)
end

local function one_unit(value, unit)
    return string.format("%.1f", value):gsub("%.0$", "") .. unit
end

local function two_units(value, step, major, minor)
    local rest = value % step
    local text = string.format("%.0f%s", (value - rest) / step, major)
    return rest > 0 and text .. string.format(" %.0f%s", rest, minor) or text
end

-- As "eldest status" says it.
local function duration(us, sign)
    local seconds = math.floor(us / 1000000)
    local text = us == 0 and "0s" or us < 1000 and one_unit(us, "us") or us < 1000000 and one_unit(us / 1000, "ms") or
        seconds < 60 and one_unit(us / 1000000, "s") or seconds < 3600 and two_units(seconds, 60, "m", "s") or
        seconds < 86400 and two_units(math.floor(seconds / 60), 60, "h", "m") or
        two_units(math.floor(seconds / 3600), 24, "d", "h")
    return (sign < 0 and "-" or "") .. text
end

local utf8_forms = { -- the first byte from, to; bytes in all; the least code point that may be written so
    { 0x00, 0x7f, 1, 0 },
    { 0xc0, 0xdf, 2, 0x80 },
    { 0xe0, 0xef, 3, 0x800 },
    { 0xf0, 0xf7, 4, 0x10000 },
}

local function utf8_form_of(first)
    for _, form in ipairs(utf8_forms) do
        if first >= form[1] and first <= form[2] then
            return form
        end
    end
end

-- The code point that begins there, and where the next one does; nil if none begins there.
local function utf8_code(text, at)
    local form = utf8_form_of(text:byte(at))
    local code = form and text:byte(at) - form[1]
    for i = at + 1, form and at + form[3] - 1 or at do
        local byte = text:byte(i) or 0
        code = code and byte >= 0x80 and byte <= 0xbf and code * 64 + byte - 0x80
    end
    if code and code >= form[4] then
        return code, at + form[3]
    end
end

local function is_printable(text)
    local at = 1
    while at <= #text do
        local code, after = utf8_code(text, at)
        if not code or code < 0x20 or code >= 0x7f and code < 0xa0 or code >= 0xd800 and code < 0xe000 or
            code > 0x10ffff then
            return false
        end
        at = after
    end
    return true
end

local function is_cluster_name(text)
    return text:find("^[A-Za-z0-9._-]+$") ~= nil and text ~= "." and text ~= ".."
end

-- ----------------------------------------------------------------------------------------- the datagram and its reader

-- Why a datagram is refused, in the words of wire_error_name(). "foreign" is not among them: that is none of ours.
local refusals = {
    ["short"] = { "it ends before its fields do", expert.group.MALFORMED, expert.severity.ERROR },
    ["long"] = { "it is longer than " .. LENGTH_MAX .. " bytes", expert.group.MALFORMED, expert.severity.ERROR },
    ["version"] = { "another major version", expert.group.UNDECODED, expert.severity.WARN },
    ["unknown-type"] = { "a message of unknown type", expert.group.UNDECODED, expert.severity.WARN },
    ["range"] = { "a value that is not allowed", expert.group.MALFORMED, expert.severity.ERROR },
    ["tail"] = { "a TLV that runs over the end, or comes twice", expert.group.MALFORMED, expert.severity.ERROR },
}

local experts = {}
for reason, refusal in pairs(refusals) do
    local abbreviation = "eldest.expert." .. reason:gsub("-", "_")
    experts[reason] = ProtoExpert.new(abbreviation, "Refused: " .. refusal[1], refusal[2], refusal[3])
end
eldest.experts = experts

-- What is known of the datagram at hand; it grows while that is shown:
--
--     raw[FIELD]       its bytes as hexadecimal digits
--     texts[FIELD]     how the info column has it: "" for none; a function, if it takes what is known at the end only
--     told             id -> name, of the nodes whose name it tells
--     ids              {item, field, id} where an id is shown, to be followed by the name of its node
--     members          the items of the members that it lists
--     refused, cut     the first reason why it is refused; whether the capture has less of it than there was
local Datagram = {}
Datagram.__index = Datagram

function Datagram.new(tvb)
    return setmetatable({ tvb = tvb, raw = {}, texts = {}, told = {}, ids = {}, members = {} }, Datagram)
end

function Datagram:refuse(reason, item)
    self.refused = self.refused or reason
    item:add_proto_expert_info(experts[reason])
end

function Datagram:is_sound()
    return not self.refused and not self.cut
end

function Datagram:number(field)
    return tonumber(self.raw[field], 16)
end

function Datagram:has_flag(bit)
    return has_bit(self:number("flags"), bit)
end

function Datagram:tell(id, name)
    self.told[id] = name ~= "" and name or nil
end

-- A reader takes field after field from a part of the datagram. If there is less of it than a field takes, that is a
-- reason to refuse it, whose name depends on the part, and which is shown at the item of the part.
local Reader = {}
Reader.__index = Reader

function Reader.new(datagram, at, stop, shortage, item)
    return setmetatable({ datagram = datagram, at = at, stop = stop, shortage = shortage, item = item }, Reader)
end

-- The next so many bytes; nil if there are not so many, or if they were not captured.
function Reader:take(size)
    local at = self.at
    if at + size > self.stop then
        self.datagram:refuse(self.shortage, self.item)
    elseif at + size > self.datagram.tvb:len() then
        self.datagram.cut = true
    else
        self.at = at + size
        return self.datagram.tvb(at, size)
    end
end

function Reader:has(size)
    return self.at + size <= math.min(self.stop, self.datagram.tvb:len())
end

-- All that is left, as far as it was captured; nil if that is nothing.
function Reader:rest()
    local at, stop = self.at, math.min(self.stop, self.datagram.tvb:len())
    self.at = self.stop
    return at < stop and self.datagram.tvb(at, stop - at) or nil
end

function Reader:left()
    return self.stop - self.at
end

-- A reader for the next so many bytes, of which this one knows that they are there; it is behind them then.
function Reader:part(size, item)
    self.at = self.at + size
    return Reader.new(self.datagram, self.at - size, self.at, "range", item)
end

-- A reader for the last so many bytes once more.
function Reader:again(size, item)
    return Reader.new(self.datagram, self.at - size, self.at, "range", item)
end

-- ----------------------------------------------------------------------------------------------------- kinds of fields

-- A field is a function show(reader, tree). If it returns false it could not be read, so nothing behind it can. A
-- kind is a function that makes a field of a name.

local function show_all(reader, tree, fields)
    for _, show in ipairs(fields) do
        if not show(reader, tree) then
            return false
        end
    end
    return true
end

-- However many messages have a field of that name, there is one ProtoField.
local proto_fields = {}

local function declare(name, make)
    local label = name:match("[^.]*$")
    if not proto_fields[name] then
        proto_fields[name] = make("eldest." .. name:lower():gsub(" ", "_"), label:sub(1, 1):upper() .. label:sub(2))
    end
    return proto_fields[name]
end

local function in_hex(make)
    return function(abbreviation, label)
        return make(abbreviation, label, base.HEX)
    end
end

local function in_words(words)
    return function(abbreviation, label)
        return ProtoField.uint8(abbreviation, label, base.DEC, words)
    end
end

-- The general kind, of `size` bytes. read(range, name) returns the value, nil for what Wireshark reads by itself;
-- the text for the info column; false if the value is not allowed; and what people are to read behind it.
-- below(name) are the fields below it.
local function kind(size, make, read, below)
    return function(name)
        local field, fields = declare(name, make), below and below(name) or {}
        return function(reader, tree)
            local datagram, range = reader.datagram, reader:take(size)
            if not range then
                return false
            end
            local value, text, allowed, note = read(range, name)
            local item = value == nil and tree:add(field, range) or tree:add(field, range, value)
            datagram.raw[name], datagram.texts[name] = hex(range), text
            if note then
                item:append_text(" (" .. note .. ")")
            end
            if allowed == false then
                datagram:refuse("range", item)
            end
            return show_all(reader:again(size, item), item, fields)
        end
    end
end

-- The same, where those below it are its parts: they are shown as far as they go where it is not whole.
local function composite(size, make, read, parts)
    local of_name = kind(size, make, read, parts)
    return function(name)
        local show, fields = of_name(name), parts(name)
        return function(reader, tree)
            if reader:has(size) then
                return show(reader, tree)
            end
            return show_all(reader, tree, fields)
        end
    end
end

-- Wireshark shows it and nothing else is done with it.
local function plain(size, make)
    return kind(size, make, function() end)
end

local function number(size, make, low, high)
    return kind(size, make, function(range)
        local value = range:uint()
        return nil, string.format("%d", value), not low or value >= low and value <= high
    end)
end

local u8, u16, u32 = number(1, ProtoField.uint8), number(2, ProtoField.uint16), number(4, ProtoField.uint32)
local count, index = number(4, ProtoField.uint32, 1, MEMBERS_MAX), number(4, ProtoField.uint32, 0, MEMBERS_MAX)
local seat_count = number(1, ProtoField.uint8, 1, SEATS_MAX)

-- Of the first nothing is said.
local ordinal = kind(2, ProtoField.uint16, function(range)
    return nil, range:uint() > 1 and string.format("%d", range:uint()) or ""
end)

local u64 = kind(8, ProtoField.uint64, function(range)
    return nil, tostring(range:uint64())
end)

local random = kind(8, in_hex(ProtoField.uint64), function(range)
    return nil, is_zero(hex(range)) and "" or hex(range)
end)

local random_not_zero = kind(8, in_hex(ProtoField.uint64), function(range)
    return nil, hex(range), not is_zero(hex(range))
end)

local flag = kind(1, ProtoField.bool, function(range, name)
    return nil, range:uint() ~= 0 and name or "", range:uint() <= 1
end)

local function choice(words)
    return kind(1, in_words(words), function(range)
        return nil, words[range:uint()] or "?", words[range:uint()] ~= nil
    end)
end

local function an_epoch(least)
    return kind(8, ProtoField.uint64, function(range)
        local epoch, fine = unsigned(range)
        return nil, epoch > 0 and string.format("%.0f", epoch) or "", fine and epoch >= least
    end)
end

local epoch, epoch_or_none = an_epoch(1), an_epoch(0)

-- measure(range) returns microseconds, whether they are allowed, and their sign. What takes minutes is told in words
-- as well.
local function a_time(size, measure)
    return kind(size, ProtoField.relative_time, function(range)
        local us, fine, sign = measure(range)
        local text = duration(us, sign)
        return time_of(us, sign), text, fine, us >= 60000000 and text or nil
    end)
end

local age = a_time(8, function(range)
    local us, fine = unsigned(range)
    return us, fine, 1
end)

local birth = a_time(8, signed)

local function short_time(unit_us)
    return a_time(4, function(range)
        return range:uint() * unit_us, true, 1
    end)
end

local microseconds, milliseconds = short_time(1), short_time(1000)

-- The names that were heard, by id; see remember().
local names = {}

local function name_of(id)
    return is_zero(id) and "" or names[id] or id:sub(1, 8)
end

-- A field without bytes: the name of the node whose id is field `name`, behind the item that it stands below. It is
-- added when all names are known.
local function name_behind(name)
    return function(reader, item)
        table.insert(reader.datagram.ids, { item = item, id = reader.datagram.raw[name] })
        return true
    end
end

-- The same, and below the item as a field of its own: leader.name of leader.id.
local function name_below(name)
    local field = declare(name:gsub("%.id$", "") .. ".name", ProtoField.string)
    return function(reader, item)
        table.insert(reader.datagram.ids, { item = item, field = field, id = reader.datagram.raw[name] })
        return true
    end
end

local function an_id(required)
    return kind(16, ProtoField.string, function(range)
        local id = hex(range)
        local function text()
            return name_of(id)
        end
        return is_zero(id) and "none" or id, text, not (required and is_zero(id))
    end, function(name)
        return { name_below(name) }
    end)
end

local id, id_or_none = an_id(true), an_id(false)

local function a_token(required)
    return composite(24, ProtoField.string, function(range)
        local taken, fine = unsigned(range(0, 8))
        local holder = hex(range(8, 16))
        local none, half = taken == 0 and is_zero(holder), (taken == 0) ~= is_zero(holder)
        local function text()
            return none and "" or string.format("%.0f of %s", taken, name_of(holder))
        end
        local value = none and "none" or string.format("%.0f.%s", taken, holder)
        return value, text, fine and not half and not (required and none)
    end, function(name)
        return { u64(name .. ".epoch"), id_or_none(name .. ".id"), name_behind(name .. ".id") }
    end)
end

local token, token_or_none = a_token(true), a_token(false)

local key = composite(34, ProtoField.none, function() end, function(name)
    local id_name = name .. ".id"
    return {
        u16(name .. ".priority"), random(name .. ".timeline"), birth(name .. ".birth"),
        id(id_name), name_behind(id_name),
    }
end)

-- The sixteen bytes of an address, behind that of its family.
local function host(name)
    local ipv4, ipv6 = declare(name .. ".IPv4", ProtoField.ipv4), declare(name .. ".IPv6", ProtoField.ipv6)
    return function(reader, tree)
        local range, family = reader:take(16), reader.datagram:number(name .. ".family")
        if range and family == 4 then
            tree:add(ipv4, range(0, 4))
        elseif range and family == 6 then
            tree:add(ipv6, range)
        end
        return range ~= nil
    end
end

-- What the family does not use is zero.
local function address_text(range)
    local family, port = range(0, 1):uint(), range(17, 2):uint()
    if family == 4 then
        return string.format("%s:%d", tostring(range(1, 4):ipv4()), port), is_zero(hex(range(5, 12)))
    elseif family == 6 then
        return string.format("[%s]:%d", tostring(range(1, 16):ipv6()), port), true
    end
    return "none", family == 0 and is_zero(hex(range(1, 16)))
end

local function an_address(required)
    return composite(19, ProtoField.string, function(range)
        local text, fine = address_text(range)
        return text, text, fine and not (required and text == "none")
    end, function(name)
        return { u8(name .. ".family"), host(name), u16(name .. ".port") }
    end)
end

local address, address_or_none = an_address(true), an_address(false)

-- The last bytes that were read, a text with so many bytes before it, as one field.
local function show_text(reader, tree, name, before, length, is_allowed)
    local datagram = reader.datagram
    local range = datagram.tvb(reader.at - length - before, before + length)
    local text = length > 0 and range:raw(before) or ""
    local fine = is_allowed(text)
    local item = tree:add(proto_fields[name], range, fine and text or (text:gsub("[^ -~]", "?")))
    datagram.texts[name] = text
    if not fine then
        datagram:refuse("range", item)
    end
    return true
end

-- A text behind its length, which takes so many bytes itself.
local function counted_text(before, low, high, is_allowed)
    return function(name)
        declare(name, ProtoField.string)
        return function(reader, tree)
            local range = reader:take(before)
            local length = range and range:uint()
            if range and (length < low or length > high) then
                reader.datagram:refuse("range", tree:add(proto_fields[name], range, ""))
                return false
            end
            return range ~= nil and (length == 0 or reader:take(length) ~= nil) and
                show_text(reader, tree, name, before, length, is_allowed)
        end
    end
end

local node_name, node_tags = counted_text(1, 0, NAME_MAX, is_printable), counted_text(2, 0, TAGS_MAX, is_printable)

-- A text that takes all that is left, which is not nothing.
local function whole_text(high)
    return function(name)
        declare(name, ProtoField.string)
        return function(reader, tree)
            local length = math.max(reader:left(), 1)
            if length > high then
                reader.datagram:refuse("range", tree)
            end
            return reader:take(length) ~= nil and show_text(reader, tree, name, 0, length, is_printable)
        end
    end
end

-- All that is left, if anything.
local function anything(name)
    local field = declare(name, ProtoField.bytes)
    return function(reader, tree)
        local range = reader:rest()
        if range then
            tree:add(field, range)
        end
        return true
    end
end

-- As many ids as are left: one at least, and at most as many as the field called `limit` says, each above the last.
local function ids(name, limit)
    local show = id(name)
    return function(reader, tree)
        local left = math.floor(reader:left() / 16)
        if left < 1 or left > reader.datagram:number(limit) then
            reader.datagram:refuse("range", tree)
        end
        local raw, last, complete = reader.datagram.raw, "", true
        for _ = 1, left do
            complete = complete and show(reader, tree)
            if complete and raw[name] <= last then
                reader.datagram:refuse("range", tree)
            end
            last = raw[name]
        end
        return complete
    end
end

-- One of a list of members, whose fields begin with its id.
local function show_member(reader, tree, fields)
    local datagram, at = reader.datagram, reader.at
    local first = reader:take(1)
    if not first then
        return false
    end
    reader.at = at
    local item = tree:add(proto_fields["member"], first)
    local complete = show_all(reader, item, fields)
    item:set_len(reader.at - at)
    table.insert(datagram.members, item)
    if complete then
        datagram:tell(datagram.raw["member.id"], datagram.texts["member.name"])
    end
    return complete
end

-- A number, and behind it so many members. is_sound(datagram, number) may object.
local function members(name, most, is_sound, fields)
    local field = declare(name, ProtoField.uint32)
    declare("member", ProtoField.none)
    return function(reader, tree)
        local datagram, range = reader.datagram, reader:take(1)
        if not range then
            return false
        end
        local all, item = range:uint(), tree:add(field, range)
        datagram.texts[name] = string.format("%d", all)
        local complete = all <= most and is_sound(datagram, all)
        if not complete then
            datagram:refuse("range", item)
        end
        for _ = 1, complete and all or 0 do
            complete = complete and show_member(reader, tree, fields)
        end
        return complete
    end
end

-- ------------------------------------------------------------------------------------------------------------ the TLVs

local tlvs = {} -- by number: name, fields, whether any message may have it

local function tlv(type_number, name, fields, everywhere)
    tlvs[type_number] = { name = name, fields = fields, everywhere = everywhere }
end

-- Bit i is that of member i, where there are members: told there as well.
local function paused_bits(name)
    local show = number(2, in_hex(ProtoField.uint16))(name)
    return function(reader, tree)
        local datagram = reader.datagram
        local complete = show(reader, tree)
        for i, item in ipairs(complete and datagram.members or {}) do
            if has_bit(datagram:number(name), 2 ^ (i - 1)) then
                item:append_text(", paused")
            end
        end
        return complete
    end
end

local function always()
    return true
end

tlv(1, "name", { whole_text(NAME_MAX) "name" })
tlv(2, "roster", {
    epoch_or_none "roster epoch", u32 "roster change", seat_count "roster expect", ids("roster seat", "roster expect"),
})
tlv(3, "registration", { node_name "name", u16 "priority", flag "eligible", u16 "port", node_tags "tags" })
tlv(4, "stranger", { token "stranger", address "stranger address" })
tlv(5, "successors", {
    members("successors", SUCCESSORS_MAX, always, {
        id "member.id", name_behind "member.id", birth "member.birth", u16 "member.priority", flag "member.eligible",
        address "member.address",
    }),
})
tlv(6, "padding", { anything "padding" }, true)
tlv(7, "paused", { paused_bits "paused" })
tlv(8, "tags", { whole_text(TAGS_MAX) "tags" })
tlv(9, "cookie", { random_not_zero "cookie" })

-- -------------------------------------------------------------------------------------------------------- the messages

-- By number: name, fields, the set of TLVs that it carries, and perhaps
--
--     info             for the info column: {FIELD} is the text of a field, {!FLAG} the opposite of a flag; what stands
--                      between [ and ] is left out if a text in it is empty
--     asks, answers    what a question and its answer have in common, each a list of fields; "asker" is who has asked
--     length_min       the least length of the datagram
local messages = {}

local function message(type_number, name, carries, fields, more)
    local set = {}
    for carried in carries:gmatch("%a+") do
        set[carried] = true
    end
    messages[type_number] = {
        name = name, carries = set, fields = fields,
        info = more.info or "", asks = more.asks or {}, answers = more.answers or {}, length_min = more.length_min or 0,
    }
end

message(1, "Announce", "name", {
    choice({ [0] = "idle", "candidate", "leader" }) "state", u16 "priority", flag "eligible", age "age", u16 "port",
    token_or_none "leader", flag "fresh", flag "voter",
}, {
    info = "{state}, age {age}[, {fresh}][, {!eligible}][, follows {leader}]",
})

message(2, "Election", "roster", {
    epoch "epoch", key "key", age "age", token_or_none "dead", epoch_or_none "released epoch", random "nonce",
    flag "bootstrap",
}, {
    info = "epoch {epoch}[ after {dead}], age {age}",
    asks = { { "nonce" } },
})

message(3, "LeaderElected", "", {
    epoch "epoch", id "candidate", token_or_none "own",
}, {
    info = "epoch {epoch} for {candidate}",
})

message(4, "Leader", "name, roster, successors, tags", {
    epoch "epoch", key "key", age "age", milliseconds "since", birth "cluster time", count "count", u32 "table version",
    token_or_none "absorbed", random "answered",
}, {
    info = "epoch {epoch} for {since}, {count} in all[, absorbed {absorbed}]",
    answers = { { "answered" } },
})

message(5, "Heartbeat", "registration, stranger, paused, cookie", {
    epoch_or_none "epoch", u32 "exchange", ordinal "try", age "sent", age "echo", epoch_or_none "roster epoch",
    u32 "roster change", age "age", random "timeline", birth "birth", token_or_none "own", microseconds "round trip",
    flag "registering", flag "question", random "nonce",
}, {
    info = "{exchange}[ try {try}][ epoch {epoch}][, {registering}][, {question}]",
    asks = { { "asker", "exchange", "sent" }, { "nonce" } },
})

message(6, "Ack", "name, roster, successors, tags, cookie", {
    epoch "epoch", u32 "exchange", age "sent", age "timestamp", microseconds "promise", microseconds "detect",
    microseconds "heartbeat", microseconds "floor", random "timeline", birth "cluster time", flag "listed",
    birth "your birth", count "count", u32 "table version", microseconds "next slot", random "nonce",
}, {
    info = "{exchange} epoch {epoch}, {count} in all, next in {next slot}[, {!listed}]",
    answers = { { "asker", "exchange", "sent" } },
})

message(7, "Redirect", "", {
    token "leader", address "address",
}, {
    info = "to {leader} at {address}",
})

message(8, "Suspect", "", {
    token "leader", random "nonce", milliseconds "silent",
}, {
    info = "{leader}, silent for {silent}",
    asks = { { "nonce" } },
})

message(9, "Vouch", "", {
    token "leader", random "nonce",
}, {
    info = "for {leader}",
    answers = { { "nonce" } },
})

message(10, "Resign", "", {
    epoch "epoch", id_or_none "successor", birth "birth", flag "released",
}, {
    info = "epoch {epoch}[ to {successor}][, {!released}]",
})

message(11, "Farewell", "", {
    token "leader", flag "released",
}, {
    info = "of {leader}[, {!released}]",
})

message(12, "MergeRequest", "", {
    epoch "epoch", key "key", age "age", milliseconds "since", flag "followed", random "nonce",
}, {
    info = "epoch {epoch} for {since}[, {!followed}]",
    asks = { { "nonce" } },
})

message(13, "MergeReply", "", {
    random "nonce", choice({ "keep me", "keep you", "wait" }) "verdict", epoch "epoch", milliseconds "since",
}, {
    info = "{verdict}, epoch {epoch} for {since}",
    answers = { { "nonce" } },
})

message(14, "HandoverRequest", "", {
    epoch "epoch", key "key",
}, {
    info = "epoch {epoch}, priority {key.priority}",
})

message(15, "Page", "cookie", {
    u32 "version", index "index",
}, {
    info = "from {index}",
    asks = { { "asker", "index" } },
    length_min = PAGE_LENGTH_MIN,
})

-- The members of a page are within the table that they are taken from.
local function is_page_sound(datagram, all)
    return all == 0 or datagram:number("index") + all <= datagram:number("total")
end

message(16, "PageReply", "paused", {
    u32 "version", index "index", index "total",
    members("count", RECORDS_MAX, is_page_sound, {
        id "member.id", name_behind "member.id", u32 "member.incarnation", birth "member.birth",
        address_or_none "member.address", milliseconds "member.last heard", microseconds "member.round trip",
        node_name "member.name", u16 "member.priority", flag "member.eligible", node_tags "member.tags",
    }),
}, {
    info = "{count} of {total}, from {index}",
    answers = { { "asker", "index" } },
})

message(17, "Clone", "", {
    age "age", random "heard",
}, {
    info = "boot nonce {heard} was heard",
})

message(18, "Challenge", "", {
    random "asked", random "answered", u64 "before",
}, {
    info = "[asks {asked}][ answers {answered}]",
    asks = { { "asked" } },
    answers = { { "answered" } },
})

message(19, "Stale", "", {
    u32 "known incarnation", u64 "known seq",
}, {
    info = "incarnation {known incarnation} is known",
})

-- ---------------------------------------------------------------------------------------------------------- the header

local message_names = {}
for type_number, known in pairs(messages) do
    message_names[type_number] = known.name
end

-- Of another one nothing is known but that.
local function major_version(name)
    local show = u8(name)
    return function(reader, tree)
        local complete = show(reader, tree)
        if complete and reader.datagram:number(name) ~= MAJOR then
            reader.datagram:refuse("version", tree)
        end
        return complete and reader.datagram:is_sound()
    end
end

local function a_bit(name, mask)
    local field = declare(name, function(abbreviation, label)
        return ProtoField.bool(abbreviation, label, 8, nil, mask)
    end)
    return function(reader, tree)
        tree:add(field, reader.datagram.tvb(reader.at, 1))
        return true
    end
end

local flag_bits = kind(1, in_hex(ProtoField.uint8), function(range)
    return nil, nil, range:uint() <= UNICAST + SEALED
end, function(name)
    return { a_bit(name .. ".unicast", UNICAST), a_bit(name .. ".sealed", SEALED) }
end)

local cluster_name = counted_text(1, 1, CLUSTER_MAX, is_cluster_name)
local message_type = plain(1, in_words(message_names))

local prologue = {
    plain(#MAGIC, ProtoField.string) "magic", major_version "major", u8 "minor", message_type "type", flag_bits "flags",
    u16 "key id", cluster_name "cluster",
}
local rest_of_header = { id "sender", u32 "incarnation", random "boot nonce", u64 "seq" }
local of_unicast = { random "receiver nonce" }
local of_sealed = { plain(24, ProtoField.bytes) "AEAD nonce" }

local function show_rest_of_header(reader, tree)
    local datagram = reader.datagram
    return show_all(reader, tree, rest_of_header) and
        (not datagram:has_flag(UNICAST) or show_all(reader, tree, of_unicast)) and
        (not datagram:has_flag(SEALED) or show_all(reader, tree, of_sealed))
end

-- -------------------------------------------------------------------------------------------------- what is remembered

-- All of it is filled while the capture is read for the first time, in the order of its frames.
local memory

function eldest.init()
    names = {}
    memory = {
        nodes = {}, -- boot nonce -> id
        originals = {}, -- what tells datagrams apart -> the first frame
        questions = {}, -- what an answer has in common with it -> number and time of its frame
        frames = {}, -- number -> what else there is to say of that frame
    }
end

-- As one text; nil where it is not to be had, or is a nonce of zero.
local function in_common(datagram, asker, fields)
    local values = {}
    for _, field in ipairs(fields) do
        table.insert(values, field == "asker" and asker or datagram.raw[field])
    end
    return #values == #fields and (#values > 1 or not is_zero(values[1])) and table.concat(values, " ") or nil
end

-- Of copies, the first one counts. Who has asked is known by its boot nonce, since it has several addresses.
local function remember_questions(datagram, pinfo, asks)
    for _, fields in ipairs(asks) do
        local common = in_common(datagram, datagram.raw["boot nonce"], fields)
        if common and not (memory.frames[pinfo.number].copy_of and memory.questions[common]) then
            memory.questions[common] = { number = pinfo.number, time = pinfo.abs_ts }
        end
    end
end

local function remember_answer(datagram, pinfo, answers)
    local frame = memory.frames[pinfo.number]
    for _, fields in ipairs(answers) do
        local common = in_common(datagram, datagram.raw["receiver nonce"], fields)
        local question = common and memory.questions[common]
        if question then
            local asked = memory.frames[question.number]
            asked.response_in = asked.response_in or pinfo.number
            frame.response_to, frame.response_time = question.number, pinfo.abs_ts - question.time
        end
    end
end

local function remember(datagram, pinfo, what)
    local raw, frame = datagram.raw, {}
    memory.frames[pinfo.number] = frame
    memory.nodes[raw["boot nonce"]] = raw.sender
    datagram:tell(raw.sender, datagram.texts.name)
    for node, name in pairs(datagram.told) do
        names[node] = name
    end
    local same = table.concat({ raw.sender, raw["boot nonce"], raw.seq }, " ")
    frame.copy_of = memory.originals[same]
    memory.originals[same] = frame.copy_of or pinfo.number
    remember_questions(datagram, pinfo, what.asks)
    remember_answer(datagram, pinfo, what.answers)
end

-- --------------------------------------------------------------------------------------------- the datagram as a whole

local function a_frame(role)
    return function(abbreviation, label)
        return ProtoField.framenum(abbreviation, label, base.NONE, role)
    end
end

local HEADER, ENCRYPTED = declare("header", ProtoField.none), declare("encrypted", ProtoField.bytes)
local MAC, UNDECODED = declare("MAC", ProtoField.bytes), anything "undecoded"
local TLV, TLV_TYPE = declare("TLV", ProtoField.none), declare("TLV.type", ProtoField.uint8)
local TLV_LENGTH, TLV_VALUE = declare("TLV.length", ProtoField.uint16), anything "TLV.value"
local RECEIVER = declare("receiver", ProtoField.string)
local COPY_OF = declare("copy of", a_frame(frametype.DUP_ACK))
local RESPONSE_TO = declare("response to", a_frame(frametype.REQUEST))
local RESPONSE_IN = declare("response in", a_frame(frametype.RESPONSE))
local RESPONSE_TIME = declare("response time", ProtoField.relative_time)
local REFUSED = declare("refused", ProtoField.string)

-- The content of a TLV is what its fields make of it, no more and no less; of one that is not known here, anything.
local function show_content(content, item, known)
    if not known then
        item:append_text(", skipped")
    elseif show_all(content, item, known.fields) and content:left() > 0 then
        content.datagram:refuse("range", item)
    end
    return TLV_VALUE(content, item)
end

-- The next TLV; false if none can be read behind it. `seen` are those before it.
local function show_tlv(reader, tree, carries, seen)
    local datagram = reader.datagram
    if reader:left() < 3 then
        datagram:refuse("tail", tree)
        return false
    end
    local head = reader:take(3)
    if not head then
        return false
    end
    local type_number, length = head(0, 1):uint(), head(1, 2):uint()
    local known = tlvs[type_number]
    local item = tree:add(TLV, head):append_text(": " .. (known and known.name or "unknown"))
    item:add(TLV_TYPE, head(0, 1))
    item:add(TLV_LENGTH, head(1, 2))
    if length > reader:left() or seen[type_number] then
        datagram:refuse("tail", item)
        return false
    end
    seen[type_number] = type_number <= #tlvs -- of others nothing is known, not even that
    item:set_len(math.min(3 + length, datagram.tvb:len() - reader.at + 3))
    local expected = known and (known.everywhere or carries[known.name])
    return show_content(reader:part(length, item), item, expected and known)
end

local function show_body(reader, tree, what)
    local seen = {}
    if reader.datagram:has_flag(SEALED) then
        local range = reader:rest()
        return range and tree:add(ENCRYPTED, range)
    end
    local complete = show_all(reader, tree, what.fields)
    while complete and reader:left() > 0 do
        complete = show_tlv(reader, tree, what.carries, seen)
    end
end

-- The MAC is judged first and shown last: without a key it is zero.
local function show_behind_prologue(reader, tree, top, what)
    local datagram, stop = reader.datagram, reader.stop - MAC_SIZE
    local mac = Reader.new(datagram, stop, reader.stop):rest()
    local wrong = mac and datagram:number("key id") == 0 and not is_zero(hex(mac))
    datagram.refused = wrong and "range" or nil
    reader.stop = stop
    local complete = show_rest_of_header(reader, top)
    top:set_len(reader.at)
    if complete then
        show_body(reader, tree, what)
    end
    UNDECODED(reader, tree)
    local item = mac and tree:add(MAC, mac)
    if wrong then
        datagram:refuse("range", item)
    end
end

-- What it is refused for as a whole, when the prologue has been read.
local function wrong_as_a_whole(reader, what)
    return reader.stop > LENGTH_MAX and "long" or not what and "unknown-type" or
        (reader.stop < what.length_min or reader:left() < MAC_SIZE) and "short" or nil
end

-- Returns its message, or nil.
local function show_datagram(datagram, tree, length)
    local reader = Reader.new(datagram, 0, length, "short", tree)
    local top = tree:add(HEADER, datagram.tvb(0, #MAGIC))
    local complete = show_all(reader, top, prologue) and datagram:is_sound()
    local what = complete and messages[datagram:number("type")] or nil
    local wrong = complete and wrong_as_a_whole(reader, what)
    top:set_len(math.min(reader.at, datagram.tvb:len()))
    if wrong then
        datagram:refuse(wrong, tree)
    elseif complete then
        show_behind_prologue(reader, tree, top, what)
    end
    UNDECODED(reader, tree)
    return what
end

local function show_names(datagram)
    for _, place in ipairs(datagram.ids) do
        local name = names[place.id]
        if name then
            place.item:append_text(" (" .. name .. ")")
        end
        if name and place.field then
            place.item:add(place.field, name):set_generated()
        end
    end
end

local function show_remembered(datagram, tree, frame)
    local function show(field, value)
        if value then
            tree:add(field, value):set_generated()
        end
    end
    show(RECEIVER, memory.nodes[datagram.raw["receiver nonce"]])
    show(COPY_OF, frame.copy_of)
    show(RESPONSE_TO, frame.response_to)
    show(RESPONSE_IN, frame.response_in)
    show(RESPONSE_TIME, frame.response_time and time_of(math.floor(frame.response_time * 1000000 + 0.5), 1))
    show(REFUSED, datagram.refused)
end

-- The info of a message: see there.
local function expand(template, texts)
    local function text_of(field)
        local text = texts[field:match("[^!]+")]
        text = type(text) == "function" and text() or text or ""
        return field:sub(1, 1) ~= "!" and text or text == "" and "not " .. field:sub(2) or ""
    end
    return (template:gsub("(%[?)([^%[%]]+)%]?", function(bracket, part)
        local complete = true
        local expanded = part:gsub("{(.-)}", function(field)
            local text = text_of(field)
            complete = complete and text ~= ""
            return text
        end)
        return (complete or bracket == "") and expanded or ""
    end))
end

-- "h2 -> h1: Heartbeat 12 epoch 7": who says what to whom.
local function story(datagram, what, destination)
    local raw = datagram.raw
    local from, to = raw.sender and name_of(raw.sender) or "?", ""
    if raw["receiver nonce"] then
        local receiver = memory.nodes[raw["receiver nonce"]]
        to = " -> " .. (receiver and name_of(receiver) or destination)
    end
    local said = what and what.name or "datagram"
    if what and datagram:is_sound() then
        said = said .. " " .. (datagram:has_flag(SEALED) and "encrypted" or expand(what.info, datagram.texts))
    end
    return from .. to .. ": " .. said
end

local function oddities(datagram, frame)
    local cluster = datagram.texts.cluster or "default"
    return (cluster ~= "default" and " [cluster " .. cluster .. "]" or "") ..
        (frame.copy_of and " [copy of " .. frame.copy_of .. "]" or "") ..
        (datagram.cut and " [cut by the capture]" or "") ..
        (datagram.refused and " [refused: " .. datagram.refused .. "]" or "")
end

local function is_ours(tvb)
    return tvb:len() >= #MAGIC and tvb(0, #MAGIC):string() == MAGIC
end

function eldest.dissector(tvb, pinfo, root)
    if not is_ours(tvb) then
        return 0
    end
    local tree, datagram = root:add(eldest, tvb()), Datagram.new(tvb)
    local what = show_datagram(datagram, tree, tvb:reported_len())
    -- What ICMP sends back was remembered when it was sent.
    if what and datagram:is_sound() and not pinfo.visited and not pinfo.in_error_pkt then
        remember(datagram, pinfo, what)
    end
    local frame = memory.frames[pinfo.number] or {}
    show_names(datagram)
    show_remembered(datagram, tree, frame)
    tree:append_text(what and ", " .. what.name or "")
    pinfo.cols.protocol:set("ELDEST")
    pinfo.cols.info:set(story(datagram, what, tostring(pinfo.dst)) .. oddities(datagram, frame))
    return tvb:len()
end

-- -------------------------------------------------------------------------------------------------------- registration

eldest.fields = proto_fields

-- The port of the group and the sixteen above it; a cluster may have others, where the magic tells.
DissectorTable.get("udp.port"):add("29417-29433", eldest)

eldest:register_heuristic("udp", function(tvb, pinfo, root)
    return is_ours(tvb) and eldest.dissector(tvb, pinfo, root) > 0
end)
