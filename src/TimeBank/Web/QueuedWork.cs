using System.Threading.Channels;

namespace TimeBank.Web;

/// <summary>Work that nobody's answer waits for, so that an answer's time tells nothing: done one after the other, and to the end when the server stops.</summary>
public abstract class QueuedWork<T>(ILogger log) : BackgroundService
{
    private const int MostWaiting = 1_000;

    private readonly Channel<T> _waiting = Channel.CreateBounded<T>(MostWaiting);

    /// <summary>False if too much waits already.</summary>
    public bool TryAdd(T work) => _waiting.Writer.TryWrite(work);

    protected abstract Task DoAsync(T work);

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        _waiting.Writer.TryComplete();
        return base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var work in _waiting.Reader.ReadAllAsync(CancellationToken.None))
        {
            try
            {
                await DoAsync(work);
            }
            catch (Exception e)
            {
                // The next one may do.
                log.LogError("{Work} failed: {Why}", GetType().Name, e.Message);
            }
        }
    }
}
