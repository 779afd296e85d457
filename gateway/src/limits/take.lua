-- The counts that all gateways share, of one subject: the requests of a sliding minute, and the events of a day.
-- `now_ms`, Redis' own time, is set by the line before this file.
--
-- KEYS  1 the minute: `n<bucket>` requests granted in this half second, `s<bucket>` what of them was granted as spare
--       2 the day: `day`, `n` events granted
-- ARGV  1 requests a minute, 0: not asked   2 needed   3 spare wanted
--       4 events a day, 0: not asked   5 needed   6 spare wanted
--       7 the day that 8 to 10 speak of   8 unused   9 ungranted   10 used by the gateway that asks
--       11 how many leases are settled, then each as bucket, unused, spare;
--       then of each bucket of ungranted requests its age in ms and its count
--
-- A lease may be used for LEASE_MS after it was granted, so a bucket counts for so much longer.

local BUCKET_MS = 500
local LEASE_BUCKETS = 2
local BUCKETS_WHOLE = 120
-- The oldest bucket of which a use may lie in the last 60 seconds.
local BUCKETS_UPPER = BUCKETS_WHOLE + LEASE_BUCKETS
-- Spare of older leases was used, or was given back by now.
local SPARE_LIVES_BUCKETS = LEASE_BUCKETS + 3
local DAY_MS = 86400000

local function number(index) return tonumber(ARGV[index]) end

local bucket = math.floor(now_ms / BUCKET_MS)
local day = math.floor(now_ms / DAY_MS)

local function read_minute()
  local granted, spare, gone = {}, {}, {}
  local fields = redis.call('HGETALL', KEYS[1])
  for i = 1, #fields, 2 do
    local of = tonumber(string.sub(fields[i], 2))
    if of < bucket - BUCKETS_UPPER then
      gone[#gone + 1] = fields[i]
    elseif string.sub(fields[i], 1, 1) == 'n' then
      granted[of] = tonumber(fields[i + 1])
    else
      spare[of] = tonumber(fields[i + 1])
    end
  end
  if #gone > 0 then redis.call('HDEL', KEYS[1], unpack(gone)) end
  return granted, spare
end

-- The sum of the buckets from this one on.
local function sum(counts, from)
  local total = 0
  for of, n in pairs(counts) do
    if of >= from then total = total + n end
  end
  return total
end

local function minute()
  local limit, need, spare_wanted = number(1), number(2), number(3)
  if limit == 0 then return 0, 0, 0, 0, 0 end
  local hard = limit + math.floor(limit / 20)
  local granted, spare = read_minute()
  local changed = {}

  local settled = number(11)
  for i = 12, 11 + 3 * settled, 3 do
    local of = number(i)
    if granted[of] then
      granted[of] = math.max(0, granted[of] - number(i + 1))
      spare[of] = math.max(0, (spare[of] or 0) - number(i + 2))
      changed[of] = true
    end
  end
  for i = 12 + 3 * settled, #ARGV, 2 do
    local of = math.floor((now_ms - number(i)) / BUCKET_MS)
    if of >= bucket - BUCKETS_UPPER then
      granted[of] = (granted[of] or 0) + number(i + 1)
      changed[of] = true
    end
  end

  local upper, lower = sum(granted, bucket - BUCKETS_UPPER), sum(granted, bucket - BUCKETS_WHOLE + 1)
  local lent = sum(spare, bucket - SPARE_LIVES_BUCKETS)
  local used = math.max(0, lower - lent)
  local give = math.max(0, math.min(need, limit - used, hard - upper))
  local extra = math.floor(limit / 50) - lent
  extra = math.max(0, math.min(spare_wanted, extra, limit - lower - give, hard - upper - give))
  if give + extra > 0 then
    granted[bucket] = (granted[bucket] or 0) + give + extra
    spare[bucket] = (spare[bucket] or 0) + extra
    changed[bucket] = true
  end

  local write = {}
  for of in pairs(changed) do
    write[#write + 1] = 'n' .. string.format('%.0f', of)
    write[#write + 1] = string.format('%.0f', granted[of])
    if spare[of] then
      write[#write + 1] = 's' .. string.format('%.0f', of)
      write[#write + 1] = string.format('%.0f', spare[of])
    end
  end
  if #write > 0 then
    redis.call('HSET', KEYS[1], unpack(write))
    redis.call('PEXPIRE', KEYS[1], (BUCKETS_UPPER + 2) * BUCKET_MS)
  end

  local retry_ms = 0
  if give < need then
    local upper_then, lower_then, later = upper + give, used + give, bucket
    while (upper_then >= hard or lower_then >= limit) and later <= bucket + BUCKETS_UPPER do
      upper_then = upper_then - (granted[later - BUCKETS_UPPER] or 0)
      lower_then = lower_then - (granted[later - BUCKETS_WHOLE + 1] or 0)
      later = later + 1
    end
    retry_ms = math.max(1, later * BUCKET_MS - now_ms)
  end
  local oldest_ms = BUCKETS_WHOLE * BUCKET_MS
  for of = bucket - BUCKETS_WHOLE + 1, bucket do
    if (granted[of] or 0) > 0 then
      oldest_ms = (of + BUCKETS_WHOLE) * BUCKET_MS - now_ms
      break
    end
  end
  return give, extra, used, retry_ms, oldest_ms
end

local function events()
  local limit, need, spare_wanted = number(4), number(5), number(6)
  if limit == 0 then return 0, 0, 0 end
  local kept = redis.call('HMGET', KEYS[2], 'day', 'n')
  local n = 0
  if tonumber(kept[1] or -1) == day then n = tonumber(kept[2]) end
  if number(7) == day then
    n = math.max(0, n - number(8)) + number(9)
    -- A Redis that lost its memory learns at least of this gateway's.
    n = math.max(n, number(10))
  end
  local give = math.max(0, math.min(need, limit - n))
  local extra = math.max(0, math.min(spare_wanted, math.floor((limit - n - give) / 64)))
  n = n + give + extra
  redis.call('HSET', KEYS[2], 'day', string.format('%.0f', day), 'n', string.format('%.0f', n))
  redis.call('PEXPIRE', KEYS[2], DAY_MS)
  return give, extra, n
end

local give, extra, used, retry_ms, oldest_ms = minute()
local events_give, events_extra, events_n = events()
return {
  bucket, give, extra, used, retry_ms, oldest_ms,
  day, events_give, events_extra, events_n, (day + 1) * DAY_MS - now_ms,
}
