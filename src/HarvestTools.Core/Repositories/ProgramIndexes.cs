using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using HarvestTools.Cache;
using HarvestTools.Json;
using HarvestTools.Lineage;
using HarvestTools.Manifests;
using HarvestTools.Programs;
using HarvestTools.Rules;
using HarvestTools.Work;

namespace HarvestTools.Repositories;

/// <summary>
/// The indexes of slices that programs derive, one for each export: from the cache where they are of what the slice recorded, else made
/// from its tables and kept. With one in the cache nothing is run and no table is read.
/// </summary>
internal sealed class ProgramIndexes(Repository repository, WorkContext context, Func<SliceExport, AnnotationIndex?> annotationsOf)
{
    private readonly Dictionary<string, (IReadOnlyDictionary<string, RowIndex> Indexes, RowRoles Roles)> _known = new(StringComparer.Ordinal);

    /// <param name="slice">The slice.</param>
    /// <param name="definition">Its definition.</param>
    /// <param name="cachedOnly">Whether the program is never run; then null where its tables are not in the cache.</param>
    /// <returns>By export, and what the columns say.</returns>
    /// <exception cref="HarvestException">As <see cref="ProgramSource.Give"/>.</exception>
    public (IReadOnlyDictionary<string, RowIndex> Indexes, RowRoles Roles)? Of(SliceManifest slice, HarvestDefinition definition, bool cachedOnly = false)
    {
        if (_known.TryGetValue(slice.Version, out (IReadOnlyDictionary<string, RowIndex> Indexes, RowRoles Roles) known))
        {
            return known;
        }

        byte[] identity = IdentityOf(slice, definition);
        if (TryLoad(slice, identity) is not { } found)
        {
            var source = new ProgramSource(repository, context);
            if ((cachedOnly ? source.TryRecorded(slice, definition) : source.Give(slice, definition).Tables) is not { } tables)
            {
                return null;
            }

            var lineage = new ProgramLineage(slice, definition, tables, annotationsOf, context.Cancellation);
            (IReadOnlyDictionary<string, RowIndexBuilder> made, RowRoles roles) = lineage.Index();
            byte[] whole = [.. identity, .. Bytes(roles)];
            found = (made.ToDictionary(static pair => pair.Key, pair => pair.Value.Build(whole), StringComparer.Ordinal), roles);

            // What is of exports that are not here is another thing once they are.
            foreach ((string sha256, RowIndex index) in lineage.IsWhole ? found.Indexes : new Dictionary<string, RowIndex>())
            {
                LineageIndexes.Keep(repository, PathOf(slice, sha256), index.Save);
            }
        }

        _known.Add(slice.Version, found);
        return found;
    }

    private (IReadOnlyDictionary<string, RowIndex> Indexes, RowRoles Roles)? TryLoad(SliceManifest slice, byte[] identity)
    {
        var indexes = new Dictionary<string, RowIndex>(StringComparer.Ordinal);
        RowRoles roles = default;
        foreach (SliceExport export in slice.Exports)
        {
            if (RowIndex.TryLoad(PathOf(slice, export.Sha256)) is not { } index
                || index.Identity.Length != identity.Length + Bytes(roles).Length || !index.Identity.AsSpan(0, identity.Length).SequenceEqual(identity))
            {
                return null;
            }

            ReadOnlySpan<byte> said = index.Identity.AsSpan(identity.Length);
            roles = new RowRoles(BinaryPrimitives.ReadUInt16LittleEndian(said), BinaryPrimitives.ReadUInt16LittleEndian(said[sizeof(ushort)..]));
            indexes[export.Sha256] = index;
        }

        return (indexes, roles);
    }

    private static byte[] Bytes(RowRoles roles)
    {
        byte[] bytes = new byte[2 * sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, roles.Any);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(sizeof(ushort)), roles.Every);
        return bytes;
    }

    private string PathOf(SliceManifest slice, string export) => Path.Combine(
        LineageIndexes.RowsFolderOf(repository.CacheFolder),
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{SliceInputs.KeyOf(repository, slice)} {export}"))));

    /// <summary>Of the recorded tables and of what their columns are said to be.</summary>
    private static byte[] IdentityOf(SliceManifest slice, HarvestDefinition definition)
    {
        var columns = new JsonObject();
        ProgramColumnsJson.Write(definition.Program!.Columns, columns);
        IEnumerable<string> outputs = slice.ProgramOutputs.Select(static output => $"{output.Path} {output.RowsSha256} {output.Sha256}");
        // An index that was made before more was asked of the columns says of the rest that it is lacking.
        return SHA256.HashData([.. "label frame unread\n"u8, .. CanonicalJson.Of(columns), .. Encoding.UTF8.GetBytes(string.Join('\n', outputs))]);
    }
}
