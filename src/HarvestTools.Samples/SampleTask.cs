namespace HarvestTools.Samples;

internal enum SampleRegionKind : byte
{
    Keypoint,
    Rectangle,
    Timeline,
}

internal enum SampleOrigin : byte
{
    Manual,
    Prediction,
    PredictionChanged,
}

/// <summary>
/// A region of a made task. Lengths are pixels of the original image, frames for a timeline segment; they turn into
/// percent only when written.
/// </summary>
internal struct SampleRegion
{
    public SampleRegionKind Kind;
    public SampleOrigin Origin;

    /// <summary>Index into the kind's labels, see <see cref="SampleVocabulary.Labels"/>.</summary>
    public short Label;

    /// <summary>Index of the occlusion choice; negative for none.</summary>
    public short Choice;

    /// <summary>60 bits of id; <see cref="Parent"/> is 0 where the region has no parent.</summary>
    public ulong Id;
    public ulong Parent;

    public double X;
    public double Y;
    public double Width;
    public double Height;

    /// <summary>Degrees clockwise, from 0 to below 360.</summary>
    public double Rotation;

    public int Start;
    public int End;

    /// <summary>The model's confidence; negative where no model had a part in the region.</summary>
    public double Score;

    /// <summary>True for a box that points belong to, which therefore is always found and never deleted.</summary>
    public bool HasPoints;
}

/// <summary>One entry of <c>annotations[]</c>. Times are microseconds since 1970.</summary>
internal sealed class SampleAnnotation
{
    public long Id;
    public int Annotator;
    public bool WasCancelled;
    public bool GroundTruth;
    public long CreatedAt;
    public long UpdatedAt;

    /// <summary>0 where no draft preceded the submission.</summary>
    public long DraftCreatedAt;
    public double LeadTime;
    public ulong UniqueHigh;
    public ulong UniqueLow;

    /// <summary>False where Label Studio lost the link to the prediction.</summary>
    public bool HasParentPrediction;

    public List<SampleRegion> Regions { get; } = [];
}

/// <summary>One made task; the object is filled anew for every task.</summary>
internal sealed class SampleTask
{
    private readonly SampleAnnotation[] _annotations = [new(), new()];

    public int Index;
    public long Id;
    public int Episode;
    public int Frame;
    public byte[] Subdir = [];
    public byte[] ModelVersion = [];
    public int Width;
    public int Height;
    public long CreatedAt;
    public long UpdatedAt;
    public int UpdatedBy;
    public int Comments;
    public int UnresolvedComments;
    public int CommentAuthor;
    public long LastCommentAt;

    public bool HasPrediction;
    public long PredictionId;
    public double PredictionScore;
    public long PredictedAt;

    public bool HasDraft;
    public long DraftId;
    public int DraftUser;
    public double DraftLeadTime;
    public long DraftedAt;

    /// <summary>The annotation that the draft edits; 0 where it was never submitted.</summary>
    public long DraftAnnotation;

    public List<SampleAnnotation> Annotations { get; } = new(2);

    public List<SampleRegion> Scene { get; } = [];

    public List<SampleRegion> PredictedRegions { get; } = [];

    public List<SampleRegion> DraftRegions { get; } = [];

    public SampleAnnotation AddAnnotation()
    {
        SampleAnnotation added = _annotations[Annotations.Count];
        added.Regions.Clear();
        Annotations.Add(added);
        return added;
    }
}
