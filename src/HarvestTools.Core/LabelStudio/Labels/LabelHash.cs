using System.Security.Cryptography;
using HarvestTools.Json;

namespace HarvestTools.LabelStudio.Labels;

/// <summary>
/// The label hash: equal for two exports exactly where they hold the same labels, however the files are written.
/// </summary>
/// <remarks>
/// It is defined so that anyone can compute it again. JCS is RFC 8785; an absent id, annotator or data is null, an absent
/// flag is false, ids are integers also where the file has them in quotes; of equal keys the last counts. Integers in
/// <c>data</c> and regions keep every digit that they are written with, where RFC 8785 has the nearest double. Links in <c>data</c> lose
/// what a store signs anew at each export (<see cref="Tasks.SignedLinks"/>). Tasks without an annotation are left out; a task,
/// or an annotation of a task, that is there again counts once.
/// <code>
/// KEYS = "id parentID type from_name to_name item_index origin original_width original_height value meta".split()
///
/// def region(item):
///     return jcs({k: item[k] for k in KEYS if item.get(k) is not None} if isinstance(item, dict) else item)
///
/// def annotation(a):
///     who = a.get("completed_by")
///     head = {"annotator": integer(who.get("id") if isinstance(who, dict) else who),
///             "cancelled": bool(a.get("was_cancelled")), "ground_truth": bool(a.get("ground_truth")), "id": integer(a.get("id"))}
///     return jcs(head)[:-1] + b',"regions":[' + b",".join(sorted(map(region, a.get("result") or []))) + b"]}"
///
/// def task(t):
///     made = sorted(once((-inf if a.get("id") is None else integer(a["id"]), annotation(a)) for a in t["annotations"]))
///     text = b'{"annotations":[' + b",".join(a for _, a in made) + b'],"data":' + jcs(unsigned(t.get("data"))) \
///          + b',"id":' + jcs(integer(t.get("id"))) + b"}"
///     return sha256(text).hexdigest()
///
/// tasks = sorted(once((-inf if t.get("id") is None else integer(t["id"]), task(t)) for t in export if t.get("annotations")))
/// lines = "".join(f"{'null' if i == -inf else i} {digest}\n" for i, digest in tasks)
/// label_hash = sha256(("harvest-labels 2\n" + lines).encode()).hexdigest()
/// </code>
/// </remarks>
internal static class LabelHash
{
    /// <summary>
    /// Recorded beside each label hash. Another definition has another, so that hashes of two definitions are never compared;
    /// builds before versions were recorded wrote 1.
    /// </summary>
    public const int Version = 2;

    /// <summary>First line of what is hashed, which has the version.</summary>
    private static ReadOnlySpan<byte> Tag => "harvest-labels 2\n"u8;

    /// <summary>A recorded hash where it is of this definition; null otherwise.</summary>
    public static string? Comparable(string? recorded, long? version) => version == Version ? recorded : null;

    /// <summary>The export's label hash, lower-case hex.</summary>
    /// <param name="tasks">Sorted.</param>
    public static string Of(IEnumerable<TaskDigest> tasks)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Tag);
        const int LineBytes = 20 + 1 + 64 + 1;
        var lines = new ByteWriter();
        foreach (TaskDigest task in tasks)
        {
            if (task.Id is long id)
            {
                lines.Add(id);
            }
            else
            {
                lines.Add("null"u8);
            }

            lines.Add((byte)' ');
            task.WriteHex(lines.Reserve(64)[..64]);
            lines.Advance(64);
            lines.Add((byte)'\n');
            if (lines.Length > (64 * 1024) - LineBytes)
            {
                hash.AppendData(lines.Written);
                lines.Clear();
            }
        }

        hash.AppendData(lines.Written);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
