using HarvestTools.Workflows;

namespace HarvestTools.Tests.Space;

/// <summary>What packing would save.</summary>
public sealed partial class UnreachablePackTests
{
    [Fact]
    public void What_packing_would_save_is_tried_where_nothing_is_packed_and_then_taken_from_what_is()
    {
        string[] weeks = [Add(1), Add(2), Add(3)];
        long plain = weeks.Sum(sha256 => (long)_bytes[sha256].Length);
        ProjectSpace tried = Assert.Single(MeasureArchive.Run(_repository.Repository, _repository.Context).Projects);
        Pack();
        ArchiveSpace packed = MeasureArchive.Run(_repository.Repository, _repository.Context);

        Assert.Equal(PackingBasis.Sample, tried.PackingBasis);
        Assert.InRange(tried.PackingSavesBytes!.Value, (plain - packed.PackedBytes) * 0.95, (plain - packed.PackedBytes) * 1.05);
        Assert.Equal((0, null), (packed.PackingSavesBytes, packed.Projects[0].PackingBasis));

        string fourth = Add(4);
        ArchiveSpace again = MeasureArchive.Run(_repository.Repository, _repository.Context);
        Assert.Equal(PackingBasis.Packs, again.Projects[0].PackingBasis);
        Pack();
        Assert.InRange(again.PackingSavesBytes!.Value, (_bytes[fourth].Length - new FileInfo(Store.Packs.Find(fourth)!).Length) * 0.95, _bytes[fourth].Length);
    }

    [Fact]
    public void Plain_bytes_beside_a_pack_are_what_packing_saves()
    {
        (string older, _) = (Add(1), Add(2));
        Pack();
        Assert.NotNull(Store.TryUnpack(older));
        ProjectSpace beside = Assert.Single(MeasureArchive.Run(_repository.Repository, _repository.Context).Projects);
        Assert.Equal((_bytes[older].Length, PackingBasis.Packs), (beside.PackingSavesBytes, beside.PackingBasis));
        Pack();
        Assert.Equal(0, MeasureArchive.Run(_repository.Repository, _repository.Context).PackingSavesBytes);
        Assert.Null(Store.LocalPath(older));
    }

    [Fact]
    public void What_nothing_needs_is_no_saving_of_packing_and_damage_makes_it_unknown()
    {
        string[] weeks = [Add(1), Add(2), Add(3)];
        long all = MeasureArchive.Run(_repository.Repository, _repository.Context).PackingSavesBytes!.Value;
        long later = MeasureArchive.Run(_repository.Repository, Later(100)).PackingSavesBytes!.Value;
        Assert.InRange(later, 1, all - _bytes[weeks[0]].Length);

        File.SetAttributes(Store.PathOf(weeks[2]), FileAttributes.Normal);
        File.WriteAllText(Store.PathOf(weeks[2]), "");
        using (File.Open(Store.PathOf(weeks[1]), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            ArchiveSpace unknown = MeasureArchive.Run(_repository.Repository, _repository.Context);
            Assert.Equal((null, "a"), (unknown.PackingSavesBytes, Assert.Single(unknown.PackingNotKnown)));
        }
    }
}
