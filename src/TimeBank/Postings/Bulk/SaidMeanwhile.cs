using TimeBank.Store;
using TimeBank.Web;

namespace TimeBank.Postings;

/// <summary>Who sends a bulk request, and what they may do, looked up again while lines come: such a request may last for hours, and a right that was taken
/// back ends within five seconds.</summary>
internal sealed class SaidMeanwhile(HttpContext http, WhoAsks who, TimeProvider clock)
{
    /// <summary>With the four seconds for which rights are remembered it stays below five.</summary>
    private static readonly TimeSpan s_between = TimeSpan.FromMilliseconds(500);

    private long _since = clock.GetTimestamp();
    private Outcome? _refused;

    public Said Said { get; private set; } = Said.Of(http);

    /// <summary>What is answered to a line that comes now; null if it may be said. While the store does not tell who they are, nothing is said for them.</summary>
    public async ValueTask<Outcome?> RefusesAsync()
    {
        if (clock.GetElapsedTime(_since) < s_between)
            return _refused;
        _since = clock.GetTimestamp();
        try
        {
            _refused = await who.AskAgainAsync(http);
            Said = Said.Of(http);
        }
        catch (Exception e) when (StoreFaults.IsUnavailable(e))
        {
            _refused = new Outcome(0, "") { Failure = JournalFailure.StoreUnavailable };
        }
        return _refused;
    }
}
