using System.Globalization;
using CsCheck;
using HarvestTools.Parquet.Writing;

namespace HarvestTools.Tests.Parquet;

/// <summary>Tables whose rows are fixed: by hand, or by a generator whose sequence .NET does not decide.</summary>
internal static class TestTables
{
    private static readonly string[] Joints =
    [
        "wrist", "thumb_cmc", "thumb_mcp", "thumb_ip", "thumb_tip", "index_mcp", "index_pip", "index_dip", "index_tip",
        "middle_mcp", "middle_pip", "middle_dip", "middle_tip", "ring_mcp", "ring_pip", "ring_dip", "ring_tip",
        "pinky_mcp", "pinky_pip", "pinky_dip", "pinky_tip",
    ];

    public static ParquetSchema AllTypes { get; } = new("all_types",
    [
        new("id", ParquetType.Int64),
        new("int64", ParquetType.Int64, Nullable: true),
        new("int32", ParquetType.Int32, Nullable: true),
        new("double", ParquetType.Double, Nullable: true),
        new("bool", ParquetType.Boolean, Nullable: true),
        new("text", ParquetType.Utf8, Nullable: true),
        new("int32_required", ParquetType.Int32),
        new("double_required", ParquetType.Double),
        new("bool_required", ParquetType.Boolean),
        new("text_required", ParquetType.Utf8),
        new("always_null", ParquetType.Utf8, Nullable: true),
    ]);

    public static long[] Integers { get; } =
        [0, 1, -1, long.MaxValue, long.MinValue, int.MaxValue, int.MinValue, 9_007_199_254_740_993, -9_007_199_254_740_993];

    public static double[] Doubles { get; } =
    [
        0.0, -0.0, 1.5, -1.5, double.Epsilon, -double.Epsilon, double.MaxValue, double.MinValue,
        double.PositiveInfinity, double.NegativeInfinity, double.NaN, 164.63400000000001, 1.0 / 3, 2.2250738585072009e-308,
    ];

    public static string[] Texts { get; } =
    [
        "", "a", "ab", "épisode", "e\u0301", "\U0001F44B\U0001F3FD", "שלום", "مرحبا", "日本語", "nul\0inside", "\0", "line\nbreak",
        "quote\"s", "\u202Eoverride", "I\u0130\u0131i", new string('x', 300),
    ];

    /// <summary>Every value that is easy to get wrong, in every type, each once with the others shifted against it.</summary>
    public static TestTable Awkward()
    {
        var table = new TestTable(AllTypes);
        for (int i = 0; i < 60; i++)
        {
            long integer = Integers[i % Integers.Length];
            table.Add(
                (long)i,
                i % 7 == 3 ? null : integer,
                i % 5 == 1 ? null : (int)Math.Clamp(integer, int.MinValue, int.MaxValue),
                i % 6 == 2 ? null : Doubles[i % Doubles.Length],
                i % 4 == 0 ? null : i % 3 == 0,
                i % 8 == 5 ? null : Texts[i % Texts.Length],
                i - 30,
                Doubles[(i * 5) % Doubles.Length],
                i % 2 == 0,
                Texts[(i * 3) % Texts.Length],
                null);
        }

        return table;
    }

    /// <summary>Seeded rows of every type; what repeats, how often and how many nulls there are differs by the seed.</summary>
    public static TestTable Random(int rows, ulong seed)
    {
        var random = new SplitMix(seed);
        var table = new TestTable(AllTypes);
        int distinct = 1 + random.Next(rows + 1);
        int nullOf = 1 + random.Next(12);
        bool Null() => random.Next(12) >= nullOf;
        for (int i = 0; i < rows; i++)
        {
            table.Add(
                i / 21L,
                Null() ? null : (long)random.NextBits() >> random.Next(64),
                Null() ? null : random.Next(distinct) - (distinct / 2),
                Null() ? null : BitConverter.UInt64BitsToDouble(random.NextBits()),
                Null() ? null : random.Next(2) == 0,
                Null() ? null : Texts[random.Next(Texts.Length)] + random.Next(distinct).ToString("X", CultureInfo.InvariantCulture),
                1,
                random.Next(distinct) / 16.0,
                random.Next(20) == 0,
                Joints[random.Next(Joints.Length)],
                null);
        }

        return table;
    }

    /// <summary>Rows of every type, of few or many values a column, with few or many nulls.</summary>
    public static Gen<TestTable> Any { get; } = MakeAny();

    private static Gen<TestTable> MakeAny()
    {
        static Gen<object?> Column<T>(Gen<T> any, T[] few, bool nullable) => Gen.Frequency(
            (nullable ? 2 : 0, Gen.Const((object?)null)),
            (3, Gen.OneOf(few).Select(static value => (object?)value)),
            (3, any.Select(static value => (object?)value)));
        Gen<string> text = Gen.String[Gen.Char['\0', '\uD7FF'], 0, 12];
        Gen<double> number = Gen.OneOf(Gen.Double, Gen.ULong.Select(BitConverter.UInt64BitsToDouble));
        int[] small = [.. Integers.Select(static value => (int)Math.Clamp(value, int.MinValue, int.MaxValue))];
        Gen<object?>[] columns =
        [
            Column(Gen.Long, Integers, nullable: false), Column(Gen.Long[-1000, 1000], Integers, nullable: true), Column(Gen.Int, small, nullable: true),
            Column(number, Doubles, nullable: true), Column(Gen.Bool, [true], nullable: true), Column(text, Texts, nullable: true),
            Column(Gen.Int[0, 9], small, nullable: false), Column(number, [1.0], nullable: false), Column(Gen.Bool, [false], nullable: false),
            Column(text, ["wrist"], nullable: false), Gen.Const((object?)null),
        ];
        Gen<object?[]> row = columns.Aggregate(
            Gen.Const(Array.Empty<object?>()),
            static (row, column) => Gen.Select(row, column, static (values, value) => (object?[])[.. values, value]));
        return Gen.OneOf(row.Array[0, 60], row.Array[0, 1000]).Select(static rows =>
        {
            var table = new TestTable(AllTypes);
            table.Rows.AddRange(rows);
            return table;
        });
    }

    /// <summary>How the values of the columns of <see cref="Shaped"/> go.</summary>
    public enum Case
    {
        AllNull,
        OneValue,
        NullsUntilLate,
        AllDistinct,
        DistinctAfterTrial,
    }

    /// <summary>Rows that drive every column of every type to one corner of the encoder's rules.</summary>
    public static TestTable Shaped(Case shape, int rows)
    {
        var table = new TestTable(AllTypes);
        for (int i = 0; i < rows; i++)
        {
            long value = shape switch
            {
                Case.AllDistinct => i * 7919L,
                Case.DistinctAfterTrial when i >= ParquetLayout.DictionaryTrialValues => i,
                Case.DistinctAfterTrial or Case.NullsUntilLate => i % 10,
                _ => 42,
            };
            bool isNull = shape == Case.AllNull || (shape == Case.NullsUntilLate && i < rows - 3);
            table.Add(
                value,
                isNull ? null : value,
                isNull ? null : (int)value,
                isNull ? null : value / 3.0,
                isNull ? null : value % 2 == 0,
                isNull ? null : "text " + value.ToString("D9", CultureInfo.InvariantCulture),
                (int)value,
                value * 1e-3,
                value % 2 == 0,
                "text " + value.ToString("D9", CultureInfo.InvariantCulture),
                null);
        }

        return table;
    }

    /// <summary>
    /// Keypoint rows as a derivation gives them: sorted, 21 points a frame, unique region ids, coordinates in percent with
    /// all their digits and in pixels.
    /// </summary>
    public static TestTable Keypoints(int rows, ulong seed)
    {
        var random = new SplitMix(seed);
        var table = new TestTable(TableSchemas.Keypoints);
        for (int i = 0; i < rows; i++)
        {
            long frame = i / Joints.Length;
            double xPct = random.NextBits() % 1_000_000_007 / 1_000_000_007.0 * 100;
            double yPct = random.NextBits() % 1_000_000_007 / 1_000_000_007.0 * 100;
            table.Add(
                "project-a",
                "task_" + (frame / 5000 % 10).ToString("00", CultureInfo.InvariantCulture),
                "episode_" + (frame / 300).ToString("000000", CultureInfo.InvariantCulture),
                frame % 300,
                100_000 + frame,
                500_000 + (frame * 3 / 2),
                random.NextId(),
                Joints[i % Joints.Length],
                random.Next(3) switch { 0 => "manual", 1 => "prediction", _ => "prediction-changed" },
                1,
                "7",
                null,
                1.0,
                $"/data/task/episode/{frame.ToString("000000", CultureInfo.InvariantCulture)}.jpg",
                "image",
                null,
                "keypoint",
                1920,
                1080,
                null,
                xPct / 100 * 1920,
                yPct / 100 * 1080,
                xPct,
                yPct,
                i % 97 == 0 ? "{\"visibility\":[\"occluded\"]}" : null);
        }

        return table;
    }
}

/// <summary>SplitMix64: a generator whose numbers are the same on every runtime, unlike those of System.Random.</summary>
internal sealed class SplitMix(ulong seed)
{
    private const string IdLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private ulong _state = seed;

    public ulong NextBits()
    {
        ulong value = _state += 0x9E37_79B9_7F4A_7C15;
        value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9;
        value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB;
        return value ^ (value >> 31);
    }

    /// <summary>From 0 up to, but not including, the limit.</summary>
    public int Next(int limit) => (int)(NextBits() % (ulong)limit);

    /// <summary>Ten letters, as Label Studio's region ids have them.</summary>
    public string NextId()
    {
        ulong bits = NextBits();
        return string.Create(10, bits, static (letters, value) =>
        {
            foreach (ref char letter in letters)
            {
                letter = IdLetters[(int)(value & 63)];
                value >>= 6;
            }
        });
    }
}
